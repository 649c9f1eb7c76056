// Talks with the server: acts of people, the stream of changes, starting over.

import { startAgain, store, takeLines, takeScreen, takeState, takeTelephone, tell } from './store.js';

export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export async function fetchState() {
  const response = await fetch('/stage/state', { cache: 'no-store' });
  if (!response.ok) throw new Refused('error_offline');
  return response.json();
}

/** A person does something; throws Refused with the key of a text. `files` are Blobs. */
export async function act(key, name, fields = {}, files = []) {
  const body = JSON.stringify({ key, act: name, ...fields });
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
  if (files.length) {
    request.body = new FormData();
    request.body.append('data', body);
    for (const file of files) request.body.append('file', file, file.name || 'photo.png');
    delete request.headers;
  }
  const answer = await send('/stage/act', request);
  tell('acted', { key, name, fields });
  return answer;
}

export async function reset() {
  return send('/stage/reset', { method: 'POST' });
}

async function send(address, request) {
  let response;
  try {
    response = await fetch(address, request);
  } catch {
    throw new Refused('error_offline');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ? `error_${answer.error}` : 'error');
  return answer;
}

const FORGOTTEN = 20000;
let stream = null;
let leaving = 0;

/** The stream; the browser reconnects by itself, then the state is fetched again. */
export function connect() {
  stream?.close();
  stream = new EventSource('/stage/stream');
  const on = (name, run) => stream.addEventListener(name, (event) => run(JSON.parse(event.data)));
  on('hello', async ({ boot }) => {
    if (boot !== store.boot) location.reload();
    const wasOffline = !store.online;
    setOnline(true);
    if (wasOffline) takeState(await fetchState());
  });
  on('screen', takeScreen);
  on('telephone', takeTelephone);
  on('log', ({ lines }) => takeLines(lines));
  on('answer', (answer) => tell('answer', answer));
  on('reset', ({ boot }) => startAgain(boot));
  stream.onerror = () => {
    setOnline(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
}

// A browser keeps only six connections to one address: tabs in the background give theirs back.
document.addEventListener('visibilitychange', () => {
  clearTimeout(leaving);
  if (document.hidden) leaving = setTimeout(() => stream?.close(), FORGOTTEN);
  else if (stream?.readyState === EventSource.CLOSED) connect();
});

function setOnline(online) {
  if (store.online === online) return;
  store.online = online;
  tell('online', online);
}
