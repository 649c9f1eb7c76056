// Builds DOM nodes. Data only ever becomes text nodes and attributes, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * A node. `props`: class, text, on {event: handler}, data {name: value}, style {property: value},
 * anything else is an attribute (true = empty, false/null = left out).
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  dress(node, props);
  node.append(...children.flat().filter((each) => each != null && each !== false));
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  dress(node, props);
  node.append(...children);
  return node;
}

function dress(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name === 'class') node.setAttribute('class', value);
    else if (name === 'text') node.textContent = value;
    else if (name === 'on') for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (name === 'style') for (const [key, what] of Object.entries(value)) node.style.setProperty(key, what);
    else node.setAttribute(name, value === true ? '' : value);
  }
}

/** A button with an icon only; `label` is for screen readers and the tooltip. */
export function iconButton(name, label, click, extra = {}) {
  const props = { type: 'button', 'aria-label': label, title: label, on: { click }, ...extra };
  props.class = `icon-button ${extra.class || ''}`.trim();
  return el('button', props, icon(name));
}

// Stroke paths on a 24 x 24 grid, drawn for this page.
const PATHS = {
  send: 'M4 12 20 4l-5 16-4-6.5zM11 13.5 20 4',
  clip: 'M19 11.5 12 18.6a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.5 7.5a1.5 1.5 0 0 1-2.2-2.2l6.6-6.6',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14.2c1.8 2.5 5.2 2.5 7 0M9 9.7v.1M15 9.7v.1',
  mic: 'M12 15a3.2 3.2 0 0 0 3.2-3.2V6.2a3.2 3.2 0 0 0-6.4 0v5.6A3.2 3.2 0 0 0 12 15ZM6 12a6 6 0 0 0 12 0M12 18v3',
  check: 'M5 12.5 10 17.5 19.5 7',
  close: 'M6 6 18 18M18 6 6 18',
  dots: 'M12 5.5v.1M12 12v.1M12 18.5v.1',
  reply: 'M9.5 6 4 11.5 9.5 17M4 11.5h9.5a6 6 0 0 1 6 6v1',
  edit: 'M5 19h3.5L19 8.5 15.5 5 5 15.5zM13 7.5l3.5 3.5',
  trash: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12',
  copy: 'M9 9h10v10H9zM15 9V5H5v10h4',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  image: 'M4 6h16v12H4zM4 16l4.5-4.5L13 16l3-3 4 4M15.5 9.5v.1',
  file: 'M7 3.5h7l4 4V20.5H7zM14 3.5v4h4',
  place: 'M12 21s6.5-5.7 6.5-11a6.5 6.5 0 1 0-13 0C5.500 15.300 12 21 12 21ZM12 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400Z',
  person: 'M12 12.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.500 20c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500',
  play: 'M8 5.500v13l10.500-6.500z',
  pause: 'M8.500 6v12M15.500 6v12',
  down: 'M6 9.500 12 15.500 18 9.500',
  back: 'M15 5 8 12l7 7',
  slash: 'M4 5h16v14H4zM13.500 8.500l-3 7',
  keys: 'M4 6h16v12H4zM8 10v.1M12 10v.1M16 10v.1M8 14h8',
  list: 'M8 7h12M8 12h12M8 17h12M4 7v.1M4 12v.1M4 17v.1',
  plus: 'M12 5v14M5 12h14',
  refresh: 'M19 8a8 8 0 1 0 1 6M19 3.500V8h-4.500',
  out: 'M13 5h6v6M19 5l-8 8M17 14v5H5V7h5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  moon: 'M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10Z',
  chat: 'M4 5h16v11H11l-5 4v-4H4z',
  shop: 'M4 10V20h16V10M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0M10 20v-5h4v5',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  desk: 'M5 4h14v11H5zM9 20h6M12 15v5',
  phone: 'M6.500 3.500h3l1.500 4.500-2 1.500a11 11 0 0 0 5.500 5.500l1.500-2 4.500 1.500v3a2 2 0 0 1-2.200 2A16.500 16.500 0 0 1 4.500 5.700a2 2 0 0 1 2-2.200Z',
  down_phone: 'M3 14.500c0-6.500 18-6.500 18 0v1.500l-4.800 1-1-3.700a12 12 0 0 0-6.400 0l-1 3.700L3 16Z',
  lock: 'M6.500 11h11v9h-11zM9 11V8a3 3 0 0 1 6 0v3',
};

export function icon(name) {
  const path = svg('path', { d: PATHS[name] });
  return svg('svg', { class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true' }, path);
}
