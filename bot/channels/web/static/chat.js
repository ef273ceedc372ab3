"use strict";

const LOOK_EVERY = 20_000;
const PATIENCE = 25_000;
const LINK = /(https?:\/\/[\w\-.~:/?#@!$&'()*+,;=%]+)|(0\d{1,4}-\d{1,4}-\d{3,4})/g;

const OFFLINE = "つながりませんでした。通信の状態を確かめて、もう一度送ってください。";
const SLOW = "返事に時間がかかりすぎています。通信の状態を確かめて、もう一度送ってください。同じ内容が二重に受け付けられることはありません。";
const INTERRUPTED = "前回は、返事を受け取る前にページが閉じられました。";
const FAILED = "うまくいきませんでした。少し待って、もう一度送ってください。";
const NOTICES = {
  blocked: "このブラウザーでは会話を保存できません。ページを閉じると、ここまでの表示は消えます。",
  full: "このブラウザーの保存場所がいっぱいです。ページを閉じると、古い会話の表示は消えます。",
  cookies: "クッキーが使えないため、前にお話しになったことを覚えていられません。必要なことは、一つの文にまとめてお送りください。",
};

const log = document.getElementById("log");
const form = document.getElementById("form");
const field = document.getElementById("text");
const notices = document.getElementById("notices");

let drawn = [];
let drawnAt = memory.age;
let earlier = Promise.resolve();
let answered = false;
let looking = false;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// Telephone numbers and addresses can be tapped. Fax numbers look the same, so they are left alone.
function linked(line) {
  const parts = [];
  let end = 0;
  for (const found of line.matchAll(LINK)) {
    if (found[2] && /FAX[^\d]*$/i.test(line.slice(0, found.index))) continue;
    parts.push(line.slice(end, found.index));
    const link = element("a", "", found[0]);
    link.href = found[1] ? found[1] : `tel:${found[2]}`;
    if (found[1]) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    parts.push(link);
    end = found.index + found[0].length;
  }
  return [...parts, line.slice(end)];
}

function drawBlock(block) {
  const section = element("section", block.kind);
  if (block.heading) section.append(element("h2", "", block.heading));
  for (const line of block.lines) section.append(element("p", "", ...linked(line)));
  return section;
}

function picture(shown) {
  const image = element("img", "picture");
  image.src = shown.src;
  image.alt = shown.alt;
  return image;
}

function download(file) {
  const link = element("a", "file", file.label);
  link.href = URL.createObjectURL(new Blob([file.text], { type: file.type }));
  link.download = file.name;
  return link;
}

function drawReply(reply) {
  const bubble = element("div", "bubble", ...reply.blocks.map(drawBlock));
  if (reply.picture) bubble.prepend(picture(reply.picture));
  if (reply.attachment) bubble.append(download(reply.attachment));
  const turn = element("div", "turn", bubble);
  if (reply.buttons.length) {
    const choices = element("div", "choices");
    choices.setAttribute("role", "group");
    choices.setAttribute("aria-label", "続けて選べること");
    for (const button of reply.buttons) {
      const made = element("button", "", button.label);
      made.type = "button";
      made.addEventListener("click", () => send({ press: button.action }, button.label));
      choices.append(made);
    }
    turn.append(choices);
  }
  return turn;
}

function draw(turn) {
  if (turn.mine !== undefined) {
    // Buttons belong to the latest answer; older ones would lead back to what is no longer talked about.
    for (const old of log.querySelectorAll(".choices")) old.remove();
    log.append(element("div", "turn mine", element("div", "bubble", turn.mine)));
  } else {
    log.append(...turn.replies.map(drawReply));
  }
}

// The log shows what the memory holds, and below it what is only under way here.
function sync() {
  const said = memory.said().map((turn) => JSON.stringify(turn));
  const erased = memory.age !== drawnAt;
  const passing = erased ? [] : [...log.querySelectorAll(".passing")];
  for (const one of passing) one.remove();
  if (erased || !drawn.every((one, place) => one === said[place])) {
    log.replaceChildren();
    drawn = [];
    drawnAt = memory.age;
  }
  const first = log.lastElementChild;
  const fresh = said.slice(drawn.length);
  fresh.forEach((turn) => draw(JSON.parse(turn)));
  drawn = said;
  log.append(...passing.filter((one) => !(fresh.length && one.classList.contains("interrupted"))));
  if (memory.trouble) notice(memory.trouble);
  return fresh.length ? (first ?? log.firstElementChild) : null;
}

function show(turn) {
  memory.add(turn);
  return sync();
}

function forget() {
  memory.erase();
  sync();
}

function notice(kind) {
  if (document.getElementById(`notice-${kind}`)) return;
  const told = element("p", "notice", NOTICES[kind]);
  told.id = `notice-${kind}`;
  notices.append(told);
}

function apologize(message, again, className = "") {
  const retry = element("button", "", "もう一度送る");
  retry.type = "button";
  const choices = element("div", "choices", retry);
  const turn = element("div", `turn passing ${className}`, element("div", "bubble", message), choices);
  retry.addEventListener("click", () => {
    turn.remove();
    again();
  });
  log.append(turn);
}

// Whoever waits longer than PATIENCE hears so; an answer that comes later still counts for the server.
async function get(address, options) {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    const response = await fetch(address, { ...options, signal: given.signal });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error || FAILED);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

function ask(turn) {
  return get("/turns", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(turn),
  });
}

// The server takes a turn once, however often it is sent with the same id.
function named(turn) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return { id: [...random].map((byte) => byte.toString(16).padStart(2, "0")).join(""), ...turn };
}

// Turns are taken one after the other, in the order in which they were made.
function send(turn, said) {
  const sent = named(turn);
  if (said) show({ mine: said, sent });
  queue(sent);
}

function queue(sent) {
  const age = memory.age;
  earlier = earlier.then(() => (memory.age === age ? deliver(sent, age) : undefined));
}

async function deliver(sent, age) {
  const hint = element("div", "turn waiting passing");
  hint.setAttribute("aria-hidden", "true");
  log.append(hint);
  log.scrollTop = log.scrollHeight;
  try {
    const answer = await ask(sent);
    if (answer.fresh && answered) notice("cookies");
    answered = true;
    hint.remove();
    if (answer.forgotten) forget();
    else if (memory.age !== age) return; // the question was erased meanwhile, so its answer is not wanted
    if (sent.start && memory.said().some((turn) => turn.replies)) return; // another tab was greeted already
    show({ replies: answer.replies })?.scrollIntoView({ block: "start" });
  } catch (error) {
    hint.remove();
    if (memory.age !== age) return;
    const offline = error instanceof TypeError || error instanceof SyntaxError;
    const message = error.name === "AbortError" ? SLOW : offline ? OFFLINE : error.message;
    apologize(message, () => queue(sent));
    log.scrollTop = log.scrollHeight;
  }
}

// What a person answers, or what can be answered now, comes later. The server keeps it until we say that it is here, which is
// only once it stands in the page.
async function look() {
  if (document.hidden || looking) return;
  looking = true;
  try {
    for (const { id, reply } of (await get(`/news?after=${memory.arrived}`)).news) {
      if (id <= memory.arrived) continue; // another tab has shown it
      show({ replies: [reply] });
      log.lastElementChild.scrollIntoView({ block: "start" });
      memory.arrived = id;
    }
  } catch {
    // The next look may find more.
  } finally {
    looking = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  if (!text.trim()) return;
  field.value = "";
  send({ text }, text);
});

document.getElementById("clear").addEventListener("click", () => {
  forget();
  send({ start: true });
  field.focus();
});

sync();
log.scrollTop = log.scrollHeight;
const last = memory.said().at(-1);
if (!last) send({ start: true });
if (last?.sent) apologize(INTERRUPTED, () => queue(last.sent), "interrupted");
if (memory.trouble) notice(memory.trouble);
look();
setInterval(look, LOOK_EVERY);
addEventListener("storage", sync);
addEventListener("pageshow", sync);
document.addEventListener("visibilitychange", () => {
  sync();
  look();
});
