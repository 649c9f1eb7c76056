// The attach menu, and a photo of a bouquet drawn on the spot for those without one at hand.

import { icon } from './dom.js';
import { menuItem } from './popups.js';
import { t } from './words.js';

export function attachMenu({ pick, sample, voice, location, contact, can }) {
  const item = (name, label, run) => menuItem(icon(name), t(label), run);
  return [
    can('photos') && item('image', 'attach_photo', () => pick('photos')),
    can('files') && item('file', 'attach_file', () => pick('files')),
    can('photos') && item('smile', 'attach_sample', sample),
    can('voice') && item('mic', 'attach_voice', voice),
    can('location') && item('place', 'attach_location', location),
    can('contact') && item('person', 'attach_contact', contact),
  ].filter(Boolean);
}

const PALETTES = [['#fff7ed', '#f97316'], ['#fdf2f8', '#db2777'], ['#fefce8', '#eab308'], ['#f5f3ff', '#8b5cf6']];

/** A PNG file of 960 x 720: another bouquet each time. */
export function samplePhoto() {
  const canvas = document.createElement('canvas');
  canvas.width = 960;
  canvas.height = 720;
  const pen = canvas.getContext('2d');
  background(pen);
  const flowers = Array.from({ length: 17 }, (_, index) => place(index));
  for (const flower of flowers) stem(pen, flower);
  wrapping(pen);
  for (const flower of flowers) bloom(pen, flower);
  return new Promise((done) => canvas.toBlob((blob) => done(new File([blob], 'bouquet.png', { type: 'image/png' })), 'image/png'));
}

function background(pen) {
  const wall = pen.createLinearGradient(0, 0, 960, 720);
  wall.addColorStop(0, '#f3ece3');
  wall.addColorStop(1, '#d9e4df');
  pen.fillStyle = wall;
  pen.fillRect(0, 0, 960, 720);
  pen.fillStyle = '#c9b8a3';
  pen.fillRect(0, 610, 960, 110);
  pen.fillStyle = 'rgba(0, 0, 0, 0.08)';
  pen.beginPath();
  pen.ellipse(480, 640, 210, 26, 0, 0, 7);
  pen.fill();
}

function place(index) {
  const angle = index * 2.4;
  const far = 22 * Math.sqrt(index) * 2.3;
  const [petal, heart] = PALETTES[Math.floor(Math.random() * PALETTES.length)];
  return { x: 480 + Math.cos(angle) * far * 1.15, y: 265 + Math.sin(angle) * far * 0.8, size: 44 + Math.random() * 22, turn: Math.random() * 6, petal, heart };
}

function stem(pen, { x, y }) {
  pen.strokeStyle = '#5b8c5a';
  pen.lineWidth = 7;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.quadraticCurveTo(480 + (x - 480) * 0.3, 420, 480 + (480 - x) * 0.12, 640);
  pen.stroke();
}

function wrapping(pen) {
  const paper = pen.createLinearGradient(330, 400, 640, 640);
  paper.addColorStop(0, '#e7d3b8');
  paper.addColorStop(1, '#cfae86');
  pen.fillStyle = paper;
  pen.beginPath();
  pen.moveTo(290, 350);
  pen.quadraticCurveTo(480, 470, 670, 350);
  pen.lineTo(545, 645);
  pen.lineTo(415, 645);
  pen.fill();
  pen.fillStyle = '#0f766e';
  pen.fillRect(418, 545, 124, 20);
}

function bloom(pen, { x, y, size, turn, petal, heart }) {
  pen.save();
  pen.translate(x, y);
  pen.rotate(turn);
  pen.shadowColor = 'rgba(60, 40, 20, 0.25)';
  pen.shadowBlur = 8;
  pen.fillStyle = petal;
  for (let index = 0; index < 14; index += 1) {
    pen.rotate((Math.PI * 2) / 14);
    pen.beginPath();
    pen.ellipse(0, -size * 0.62, size * 0.17, size * 0.45, 0, 0, 7);
    pen.fill();
  }
  pen.shadowBlur = 0;
  pen.fillStyle = heart;
  pen.beginPath();
  pen.arc(0, 0, size * 0.3, 0, 7);
  pen.fill();
  pen.restore();
}
