import { mount } from 'svelte';

import './app.css';
import Call from './views/Call.svelte';

const target = document.getElementById('app');
if (target) mount(Call, { target });
