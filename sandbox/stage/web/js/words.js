// Texts, dates and sizes in the language in force.

const words = { language: 'ru', texts: {} };

export function useTexts(texts, fallback) {
  words.texts = texts;
  const saved = localStorage.getItem('pult-stage-language');
  speak(saved in texts ? saved : fallback);
}

export function speak(language) {
  words.language = language in words.texts ? language : 'en';
  document.documentElement.lang = words.language;
  document.title = t('title');
}

export function keepLanguage(language) {
  localStorage.setItem('pult-stage-language', language);
  speak(language);
}

export const language = () => words.language;

export function has(key) {
  return key in (words.texts[words.language] || {});
}

export function t(key, values = {}) {
  const text = words.texts[words.language]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A text that is either one string or one per language. */
export function say(text) {
  if (text == null || typeof text === 'string') return text || '';
  return text[words.language] ?? text.en ?? Object.values(text)[0] ?? '';
}

export function clockTime(seconds, withSeconds = false) {
  const style = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (withSeconds) style.second = '2-digit';
  return new Date(seconds * 1000).toLocaleTimeString(words.language, style);
}

export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const age = Math.round((startOfDay(new Date()) - startOfDay(day)) / 86400000);
  if (age === 0) return t('today');
  if (age === 1) return t('yesterday');
  const style = { day: 'numeric', month: 'long' };
  if (day.getFullYear() !== new Date().getFullYear()) style.year = 'numeric';
  return day.toLocaleDateString(words.language, style);
}

export const sameDay = (one, two) => startOfDay(new Date(one * 1000)) === startOfDay(new Date(two * 1000));

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function fileSize(bytes) {
  if (bytes == null) return '';
  const number = (value) => value.toLocaleString(words.language, { maximumFractionDigits: 1 });
  if (bytes < 1024) return `${bytes} ${t('bytes')}`;
  if (bytes < 1024 * 1024) return `${number(bytes / 1024)} ${t('kb')}`;
  return `${number(bytes / 1024 / 1024)} ${t('mb')}`;
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
