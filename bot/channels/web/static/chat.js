"use strict";

// What was said is kept in this browser only; the server remembers no more than it needs to go on.
const KEY = "michishirube";
const ARRIVED = "michishirube-news";
const MOST_TURNS = 100;
const LOOK_EVERY = 20_000;
const LINK = /(https?:\/\/[\w\-.~:/?#@!$&'()*+,;=%]+)|(0\d{1,4}-\d{1,4}-\d{3,4})/g;

const log = document.getElementById("log");
const form = document.getElementById("form");
const field = document.getElementById("text");

let turns = load();
let arrived = number(ARRIVED);
let earlier = Promise.resolve();

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function number(key) {
  try {
    return Number(localStorage.getItem(key)) || 0;
  } catch {
    return 0;
  }
}

function keep(turn) {
  turns = [...turns, turn].slice(-MOST_TURNS);
  try {
    localStorage.setItem(KEY, JSON.stringify(turns));
  } catch {
    // A full or forbidden storage only means that a reload starts with an empty page.
  }
}

function forget() {
  turns = [];
  localStorage.removeItem(KEY);
  log.replaceChildren();
}

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

function show(turn) {
  keep(turn);
  draw(turn);
}

function apologize(message, again) {
  const retry = element("button", "", "もう一度送る");
  retry.type = "button";
  const turn = element("div", "turn", element("div", "bubble", message), element("div", "choices", retry));
  retry.addEventListener("click", () => {
    turn.remove();
    again();
  });
  log.append(turn);
}

async function ask(turn) {
  const response = await fetch("/turns", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(turn),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

// Turns are taken one after the other, in the order in which they were made.
function send(turn, said) {
  if (said) show({ mine: said });
  earlier = earlier.then(() => deliver(turn));
}

async function deliver(turn) {
  const hint = element("div", "turn waiting");
  hint.setAttribute("aria-hidden", "true");
  log.append(hint);
  log.scrollTop = log.scrollHeight;
  try {
    const answer = await ask(turn);
    if (answer.forgotten) forget();
    hint.remove();
    const before = log.lastElementChild;
    show({ replies: answer.replies });
    (before ?? log.firstElementChild)?.scrollIntoView({ block: "start" });
  } catch (error) {
    hint.remove();
    const offline = error instanceof TypeError || error instanceof SyntaxError;
    apologize(offline ? "つながりませんでした。通信の状態を確かめて、もう一度送ってください。" : error.message, () => send(turn));
    log.scrollTop = log.scrollHeight;
  }
}

// What a person answers, or what can be answered now, comes later. The server keeps it until we say that it is here.
async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(`/news?after=${arrived}`);
    if (!response.ok) return;
    for (const { id, reply } of (await response.json()).news) {
      arrived = id;
      localStorage.setItem(ARRIVED, String(id));
      show({ replies: [reply] });
      log.lastElementChild.scrollIntoView({ block: "start" });
    }
  } catch {
    // The next look may find more.
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

turns.forEach(draw);
log.scrollTop = log.scrollHeight;
if (!turns.length) send({ start: true });
look();
setInterval(look, LOOK_EVERY);
document.addEventListener("visibilitychange", look);
