// Writing: text, files by button, drop and paste, a reply, the questions before the first message.
let field, chips, quoted, problem, sender, consent, files = [], typedAt = 0, answers = {};

const complain = (text) => {
  problem.textContent = text || "";
  problem.hidden = !text;
};
const attach = (list) => {
  complain("");
  for (const file of list) {
    if (file.size > app.$cfg.max_file) complain(fill(app.$t.$big, Math.round(app.$cfg.max_file / 1048576), file.name));
    else if (files.length >= app.$cfg.max_files) complain(fill(app.$t.$many, app.$cfg.max_files));
    else files.push({ file, preview: /^(image|audio|video)\//.test(file.type) ? URL.createObjectURL(file) : "" });
  }
  drawComposer();
  field.focus();
};
const drop = (one) => {
  files = files.filter((each) => each !== one);
  drawComposer();
  field.focus();
};
const replyTo = (one) => {
  app.$reply = one;
  drawComposer();
  field.focus();
};
const chip = (one) => h("span", { class: "chip" },
  /^image\//.test(one.file.type) ? h("img", { src: one.preview, alt: "" }) : icon("file"),
  h("span", null, one.file.name || app.$t.$file), button("cx", `${app.$t.$remove}: ${one.file.name}`, "close", () => drop(one)));

const drawComposer = () => {
  chips.replaceChildren(...files.map(chip));
  chips.hidden = !files.length;
  quoted.replaceChildren(...(app.$reply ? [icon("reply"), h("span", null, brief(app.$reply).slice(0, 80)), button("cx", app.$t.$remove, "close", () => replyTo(null))] : []));
  quoted.hidden = !app.$reply;
  sender.disabled = !field.value.trim() && !files.length;
  consent.hidden = app.$kept || !consent.textContent.trim();
};
const grow = () => {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight, 132) + "px";
  field.style.overflowY = field.scrollHeight > 132 ? "auto" : "hidden";
};
const typed = () => {
  grow();
  complain("");
  drawComposer();
  if (app.$kept && app.$messages.size && field.value && Date.now() - typedAt > 3000) {
    typedAt = Date.now();
    json("typing", {}).catch(() => {});
  }
};

const SHAPES = { phone: /^\+?[\d\s()./-]{5,25}$/, email: /^[^@\s<>"]{1,64}@[^@\s<>"]{1,180}\.[^@\s<>".]{2,24}$/ };
const form = () => div("ask", h("p", null, app.$t.$intro), app.$cfg.ask.map((name) => {
  const kind = { phone: "tel", email: "email" }[name] || "text";
  const hint = h("small", { id: "h-" + name });
  const input = h("input", {
    id: "f-" + name, type: kind, name, autocomplete: { phone: "tel" }[name] || name, maxlength: 100, "aria-describedby": "h-" + name,
    value: answers[name], required: app.$cfg.ask_required, oninput: (event) => { answers[name] = event.target.value; hint.textContent = ""; input.removeAttribute("aria-invalid"); },
  });
  return h("label", { for: "f-" + name }, app.$t[name], input, hint);
}));
const answered = () => {
  for (const name of app.$cfg.ask) {
    const input = log.querySelector("#f-" + name);
    if (!input) continue;
    const value = input.value.trim();
    const fault = !value ? app.$cfg.ask_required && app.$t.$need : SHAPES[name] && !SHAPES[name].test(value) && app.$t.$wrong;
    if (fault) {
      input.nextSibling.textContent = fault;
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return false;
    }
    if (value) app.$profile[name] = value;
  }
  return true;
};

const submit = () => {
  const text = field.value.trim();
  if ((!text && !files.length) || !answered()) return;
  app.$pending.push({
    uuid: uuid(), text, at: new Date().toISOString(), replyTo: app.$reply && app.$reply.id,
    files: files.map((one) => one.file), previews: files.map((one) => one.preview),
  });
  app.$kept = true;
  app.$reply = null;
  files = [];
  field.value = "";
  atEnd = true;
  save();
  rememberOpen();
  typed();
  draw();
  pump();
  field.focus();
};

const composer = () => {
  const picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1, onchange: () => { attach(picker.files); picker.value = ""; } });
  const coarse = matchMedia("(pointer: coarse)").matches;
  field = h("textarea", { rows: 1, placeholder: app.$t.$write, "aria-label": app.$t.$write, maxlength: app.$cfg.max_text, oninput: typed, enterkeyhint: coarse ? "enter" : "send" });
  on(field, "keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || coarse) return;
    event.preventDefault();
    submit();
  });
  on(field, "paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  });
  sender = button("go", app.$t.$send, "send", submit);
  problem = h("div", { class: "problem", role: "alert", hidden: true });
  chips = h("div", { class: "chips", hidden: true });
  quoted = h("div", { class: "quoted", hidden: true });
  consent = privacy();
  const foot = div("foot", problem, quoted, chips,
    div("write", picker, button("at", app.$t.$attach, "clip", () => picker.click()), field, sender), consent);
  drawComposer();
  return foot;
};
const privacy = () => {
  const { privacy: text, privacy_url: url } = app.$cfg;
  return h("p", { class: "privacy" }, text, " ", url && anchor(url, app.$t.$privacy));
};
