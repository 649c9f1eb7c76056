// Sets the theme before the first paint; a plain script because modules run later.
(() => {
  const saved = localStorage.getItem('pult-stage-theme');
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = saved || system;
})();
