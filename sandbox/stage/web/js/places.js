// Cards for a place (a small drawn map), a venue and a contact.

import { el, icon, svg } from './dom.js';
import { avatar } from './avatar.js';
import { t } from './words.js';

/** A card with a drawn plan; its streets depend on the coordinates, the link opens a real map. */
export function placeCard(location, venue) {
  const { latitude, longitude } = location;
  const figures = `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return el('a', { class: 'place', href, target: '_blank', rel: 'noopener noreferrer', on: { click: (event) => event.stopPropagation() } },
    plan(latitude, longitude),
    el('span', { class: 'place-words' },
      el('b', { text: venue?.title || t('location') }),
      el('span', { text: venue?.address || figures })));
}

function plan(latitude, longitude) {
  const seed = Math.abs(Math.round(latitude * 1e4) * 31 + Math.round(longitude * 1e4));
  const turn = (seed % 40) - 20;
  const streets = [28, 62, 104, 150].map((at, index) => {
    const shift = ((seed >> index) % 16) - 8;
    return `M${-40} ${at + shift}H340 M${at * 1.9 - 30 + shift} -60V220`;
  });
  const river = `M-20 ${120 + (seed % 30)}C60 ${90 + (seed % 40)} 140 ${170 - (seed % 50)} 320 ${110 + (seed % 20)}`;
  const map = svg('g', { transform: `rotate(${turn} 140 75)` },
    svg('path', { class: 'map-green', d: `M${60 + (seed % 40)} 20h70v46h-70z` }),
    svg('path', { class: 'map-river', d: river }),
    svg('path', { class: 'map-street', d: streets.join(' ') }),
    svg('path', { class: 'map-avenue', d: `M-40 ${80 + (seed % 12)}H340` }));
  const pin = svg('g', { transform: 'translate(140 72)' },
    svg('ellipse', { class: 'map-shade', cx: 0, cy: 3, rx: 8, ry: 3 }),
    svg('path', { class: 'map-pin', d: 'M0 2C-9-9-13-14-13-21a13 13 0 1 1 26 0c0 7-4 12-13 23Z' }),
    svg('circle', { class: 'map-eye', cx: 0, cy: -21, r: 5 }));
  return svg('svg', { class: 'place-map', viewBox: '0 0 280 130', preserveAspectRatio: 'xMidYMid slice', 'aria-hidden': 'true' }, map, pin);
}

export function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  return el('div', { class: 'contact' }, avatar({ name }),
    el('span', { class: 'contact-words' },
      el('b', { text: name }),
      el('a', { href: `tel:${contact.phone_number}`, text: contact.phone_number })),
    icon('person'));
}
