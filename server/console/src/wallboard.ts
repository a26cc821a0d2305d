import { mount } from 'svelte';

import './app.css';
import Wallboard from './views/Wallboard.svelte';

const target = document.getElementById('app');
if (target) mount(Wallboard, { target });
