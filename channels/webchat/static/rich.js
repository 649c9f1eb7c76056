// Text with entities and links → nodes. All text is text.
const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
};
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'«»]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-zа-я]{2,12}\b/giu;

const safeUrl = (text) => {
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
};
const anchor = (url, ...kids) => {
  const href = safeUrl(url);
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...kids) : kids;
};

// Closing marks belong to the sentence unless they were opened within the address.
const trimmed = (found) => {
  let text = found.replace(/[.,:;!?…]+$/, "");
  while (/[)\]}]$/.test(text)) {
    const [open, close] = { ")": "()", "]": "[]", "}": "{}" }[text.at(-1)];
    if (text.split(open).length >= text.split(close).length) break;
    text = text.slice(0, -1).replace(/[.,:;!?…]+$/, "");
  }
  return text;
};
const linked = (text) => {
  const kids = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = trimmed(match[0]);
    const url = /^https?:/i.test(shown) ? shown : shown.includes("@") ? "mailto:" + shown : "https://" + shown;
    kids.push(text.slice(from, match.index), anchor(url, shown));
    from = match.index + shown.length;
  }
  return kids.concat(text.slice(from)).flat();
};

const spoiler = (kids) => {
  const reveal = (event) => {
    if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.currentTarget.classList.add("shown");
  };
  return h("span", { class: "spoiler", tabindex: 0, role: "button", onclick: reveal, onkeydown: reveal }, kids);
};
const wrapped = (entity, kids) => {
  if (entity.type === "text_link") return anchor(entity.url || "", ...kids);
  if (entity.type === "spoiler") return spoiler(kids);
  return TAGS[entity.type] ? h(TAGS[entity.type], null, kids) : kids;
};

// Entities nest or stand apart: each takes those inside it along.
const rich = (text, entities, from = 0, to = text.length) => {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const kids = [];
  let at = from;
  while (sorted.length) {
    const entity = sorted.shift();
    const start = Math.max(entity.offset, at), end = Math.min(entity.offset + entity.length, to);
    if (start >= end) continue;
    const inner = [];
    while (sorted.length && sorted[0].offset < end) inner.push(sorted.shift());
    kids.push(...linked(text.slice(at, start)));
    const raw = ["code", "pre", "text_link"].includes(entity.type);
    const inside = raw && !inner.length ? [text.slice(start, end)] : rich(text, inner, start, end);
    kids.push(wrapped(entity, inside));
    // A block ends its line itself.
    at = end + (["pre", "blockquote"].includes(entity.type) && text[end] === "\n");
  }
  return kids.concat(linked(text.slice(at, to))).flat();
};
