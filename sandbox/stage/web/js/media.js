// Attachments inside bubbles: pictures, albums, players, documents, stickers.

import { el, icon } from './dom.js';
import { voicePlayer } from './player.js';
import { duration, fileSize, t } from './words.js';

const WIDEST = 300;
const TALLEST = 320;
const FILE_TONES = { pdf: 'red', doc: 'blue', docx: 'blue', xls: 'green', xlsx: 'green', csv: 'green', zip: 'amber' };

export const fileAddress = (media) => `/stage/file/${encodeURIComponent(media.file)}`;

/** The node for one attachment; `show(media)` opens a picture large. */
export function attachment(media, show) {
  const build = BUILDERS[media.kind] || documentCard;
  return build(media, show);
}

/** Several pictures sent as one album. */
export function album(medias, show) {
  const count = medias.length;
  const tiles = medias.map((media) => {
    if (media.kind !== 'photo' && media.kind !== 'video') return documentCard(media);
    return media.kind === 'photo' ? picture(media, show, 'album-tile') : video(media);
  });
  const looks = medias.every((each) => each.kind === 'photo' || each.kind === 'video');
  return el('div', { class: looks ? `album album-${Math.min(count, 10)}` : 'album-list' }, tiles);
}

function photo(media, show) {
  const node = picture(media, show, 'photo');
  const scale = Math.min(1, WIDEST / (media.width || WIDEST), TALLEST / (media.height || TALLEST));
  const width = Math.max(120, Math.round((media.width || WIDEST) * scale));
  node.style.width = `${width}px`;
  node.style.aspectRatio = `${media.width || 4} / ${media.height || 3}`;
  return node;
}

function picture(media, show, kind) {
  const click = (event) => {
    event.stopPropagation();
    show(media);
  };
  return el('button', { type: 'button', class: kind, 'aria-label': t('open_photo'), on: { click } },
    el('img', { src: fileAddress(media), alt: t('photo'), loading: 'lazy' }));
}

function video(media) {
  return el('video', { class: 'video', src: fileAddress(media), controls: true, preload: 'metadata', 'aria-label': t('video') });
}

function videoNote(media) {
  const film = el('video', { src: fileAddress(media), preload: 'metadata', playsinline: true });
  const node = el('button', { type: 'button', class: 'video-note', 'aria-label': t('video_note') },
    film, icon('play'), el('span', { class: 'badge-time', text: duration(media.duration) }));
  node.addEventListener('click', (event) => {
    event.stopPropagation();
    (film.paused ? film.play() : Promise.resolve(film.pause())).catch(() => node.classList.add('is-broken'));
  });
  return node;
}

function documentCard(media) {
  const name = media.name || t(media.kind in BUILDERS ? media.kind : 'document');
  const ending = name.includes('.') ? name.split('.').pop().toLowerCase() : '';
  const badge = el('span', { class: `file-badge tone-${FILE_TONES[ending] || 'grey'}` },
    ending && ending.length <= 4 ? el('b', { text: ending }) : icon('file'));
  return el('a', { class: 'file', href: fileAddress(media), download: name, on: { click: (event) => event.stopPropagation() } },
    badge, el('span', { class: 'file-words' },
      el('span', { class: 'file-name', text: name }),
      el('span', { class: 'file-size', text: fileSize(media.size) })));
}

function sticker(media) {
  const node = el('div', { class: 'sticker', role: 'img', 'aria-label': `${t('sticker')} ${media.emoji || ''}` });
  const image = el('img', { src: fileAddress(media), alt: '' });
  image.addEventListener('error', () => image.replaceWith(el('span', { class: 'sticker-emoji', text: media.emoji || '🙂' })));
  node.append(image);
  return node;
}

const BUILDERS = {
  photo,
  video,
  animation: video,
  video_note: videoNote,
  voice: voicePlayer,
  audio: voicePlayer,
  sticker,
  document: documentCard,
};
