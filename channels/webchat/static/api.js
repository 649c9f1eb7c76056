// Calls to the server: session, messages in order, files with progress, the live stream.
const wakers = new Set();
const sleep = (ms) => new Promise((done) => {
  const end = () => { clearTimeout(timer); wakers.delete(end); done(); };
  const timer = setTimeout(end, ms);
  wakers.add(end);
});
const wakeUp = () => [...wakers].forEach((end) => end());
const backoff = (attempt) => Math.min(30000, 1000 * 2 ** attempt) * (0.7 + Math.random() * 0.6);

const failure = async (response) => {
  const data = await response.json().catch(() => ({}));
  return { status: response.status, code: data.error, text: data.message, wait: data.retry_after || 0 };
};
const call = async (path, body, signal) => {
  const headers = app.$token ? { Authorization: "Bearer " + app.$token } : {};
  const init = { method: body ? "POST" : "GET", headers, credentials: "omit", cache: "no-store", signal };
  if (body) {
    init.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  const response = await fetch(new URL(path, app.$base), init);
  if (!response.ok) throw await failure(response);
  return response;
};
const json = async (path, body) => {
  const response = await call(path, body);
  return response.status === 204 ? null : response.json();
};

const session = async (token) => {
  const found = await json("session", { language: app.$wish, token: token || "" });
  app.$token = found.token;
  app.$cfg = found.config;
  app.$lang = found.config.language;
  app.$t = TEXTS[app.$lang];
  app.$state = found.state;
  app.$cursor = found.cursor;
  app.$more = found.more;
  app.$kept = found.known;
  found.messages.forEach(put);
  return found;
};

// Files go by XMLHttpRequest: only it tells how far an upload has come.
const upload = (one, meta) => new Promise((done, fail) => {
  const form = new FormData();
  form.append("message", JSON.stringify(meta));
  one.files.forEach((file) => form.append("file", file, file.name || "image.png"));
  const request = new XMLHttpRequest();
  request.open("POST", new URL("files", app.$base));
  request.setRequestHeader("Authorization", "Bearer " + app.$token);
  request.upload.onprogress = (event) => {
    one.progress = event.loaded / event.total;
    progress(one);
  };
  request.onerror = request.onabort = () => fail({ status: 0 });
  request.onload = () => {
    const data = JSON.parse(request.responseText || "{}");
    if (request.status < 300) done(data);
    else fail({ status: request.status, code: data.error, text: data.message, wait: data.retry_after || 0 });
  };
  request.send(form);
});

const deliver = (one) => {
  const meta = { id: one.uuid, text: one.text, reply_to: one.replyTo || null, profile: app.$profile, context: context() };
  return one.files.length ? upload(one, meta) : json("messages", meta);
};

// One at a time and in order; a repetition carries the same id, so nothing comes twice.
let pumping = false;
const pump = async () => {
  if (pumping) return;
  pumping = true;
  for (let one, attempt = 0; (one = app.$pending.find((each) => !each.error && !each.sent)); ) {
    try {
      const stored = await deliver(one);
      attempt = 0;
      one.sent = true;
      if (stored.id && !app.$messages.has(stored.id)) {
        put({ id: stored.id, uuid: one.uuid, mine: true, text: one.text, at: stored.at, reply_to: one.replyTo, files: localFiles(one) });
      }
    } catch (error) {
      if (error.status === 401) await session("").then(() => { app.$kept = true; }).catch(() => {});
      else if (error.status >= 400 && error.status < 500 && error.status !== 429) one.error = error.text || app.$t.$failed;
      if (!one.error) {
          draw();
        await sleep(error.wait ? error.wait * 1000 : backoff(attempt++));
      }
    }
    save();
    draw();
    follow();
  }
  pumping = false;
};

const heard = {
  message: (data) => {
    const fresh = put(data);
    if (data.mine) return;
    app.$typing = 0;
    if (fresh) arrived(data);
  },
  cursor: (data) => { app.$cursor = data.after; },
  state: (data) => { app.$state = data; },
  typing: () => {
    app.$typing = Date.now() + 6000;
    setTimeout(draw, 6100);
  },
};
const frames = async (response, beat) => {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (let rest = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    beat();
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const name = /^event: (\w+)$/m.exec(part), data = /^data: (.*)$/m.exec(part);
      if (name && data && heard[name[1]]) heard[name[1]](JSON.parse(data[1]));
    }
    if (parts.length) draw();
  }
};

// The stream runs while there is a conversation and somebody may look at the page.
let following = false, hiddenSince = 0;
const wanted = () => app.$kept && (!hiddenSince || Date.now() - hiddenSince < 60000);
const follow = async () => {
  if (following || !wanted()) return;
  following = true;
  for (let attempt = 0; wanted(); ) {
    const control = new AbortController();
    let watchdog;
    const beat = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => control.abort(), 60000);
    };
    hangUp = () => control.abort();
    let pause = 0;
    try {
      beat();
      const response = await call("stream?after=" + encodeURIComponent(app.$cursor), null, control.signal);
      attempt = 0;
      connected(true);
      await frames(response, beat);
    } catch (error) {
      if (error.status === 401) await session("").catch(() => {});
      if (error.status === 403) break;
      pause = (error.wait || 0) * 1000;
    }
    clearTimeout(watchdog);
    if (!wanted()) break;
    connected(false);
    await sleep(pause || backoff(attempt++));
  }
  following = false;
};
let hangUp = () => {};

const older = async () => {
  const [first] = sorted();
  const found = await json("history?before=" + (first ? first.id : "")).catch(() => null);
  if (!found) return;
  found.messages.forEach(put);
  app.$more = found.more;
  draw(true);
};
const mark = (upTo, status) => json("read", { up_to: upTo, status }).catch(() => {});
