import type { Consultation } from './types';

/** Who hears whom, in a sentence. */
export function consultationText(of: Consultation): string {
  if (!of.is_mine) {
    switch (of.state) {
      case 'ringing':
        return `С вами хочет посоветоваться ${of.operator}.`;
      case 'aside':
        return `Вы говорите с коллегой: ${of.operator}. Клиент ждёт и вас не слышит.`;
      case 'with_caller':
        return `${of.operator} говорит с клиентом. Вы на удержании и слышите музыку.`;
      case 'conference':
        return `Конференция: вы, ${of.operator} и клиент слышите друг друга.`;
    }
  }
  switch (of.state) {
    case 'ringing':
      return `Вызываем: ${of.with}. Клиент слышит музыку, вас он не слышит.`;
    case 'aside':
      return `Ваш собеседник: ${of.with}. Клиент слышит музыку, вас он не слышит.`;
    case 'with_caller':
      return `Вы говорите с клиентом. На удержании: ${of.with}.`;
    case 'conference':
      return `Конференция: вы, клиент и ${of.with} слышите друг друга.`;
  }
}
