// What the pages of the documentation do beyond being read: search, copy buttons, the menu on a phone.
"use strict";

const RESULTS_MAX = 12;
const EXCERPT_BEFORE = 40;
const EXCERPT_LENGTH = 150;

// Search: all words have to occur in a passage, in its heading or in the title of its page.

const query = document.getElementById("docs-query");
const found = document.getElementById("docs-found");
const results = document.getElementById("docs-results");
const count = document.getElementById("docs-count");
let index;
let active = -1;

async function load() {
  const answer = await fetch("/docs/assets/search.json");
  const { pages, passages } = await answer.json();
  return passages.map(([page, id, heading, text]) => {
    const [address, title] = pages[page];
    return {
      address: id ? `${address}#${id}` : address,
      title,
      heading,
      text,
      lower: [title.toLowerCase(), heading.toLowerCase(), text.toLowerCase()],
    };
  });
}

function score({ lower: [title, heading, text] }, words) {
  let sum = 0;
  for (const word of words) {
    const points = (title.includes(word) ? 4 : 0) + (heading.includes(word) ? 6 : 0) + (text.includes(word) ? 1 : 0);
    if (points === 0) return 0;
    sum += points;
  }
  const phrase = words.join(" ");
  // A page that is called what was searched for comes first, then a section, then a passage.
  if (title.startsWith(phrase) && heading === "") sum += 12;
  if (heading.startsWith(phrase)) sum += 8;
  if (text.includes(phrase)) sum += 2;
  return sum;
}

async function search() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    close();
    return;
  }
  index ??= load();
  let passages;
  try {
    passages = await index;
  } catch {
    index = undefined;
    show([], words, "The search is not available now.");
    return;
  }
  // Others may have been typed meanwhile.
  if (words.join() !== query.value.toLowerCase().split(/\s+/).filter(Boolean).join()) return;
  const hits = passages
    .map((passage) => ({ passage, points: score(passage, words) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points);
  const total = hits.length === 0 ? "Nothing found" : hits.length === 1 ? "1 result" : `${hits.length} results`;
  show(hits.slice(0, RESULTS_MAX), words, total);
}

function show(hits, words, told) {
  active = -1;
  query.removeAttribute("aria-activedescendant");
  results.replaceChildren(...hits.map(({ passage }, place) => result(passage, words, place)));
  count.textContent = told;
  found.hidden = false;
  query.setAttribute("aria-expanded", "true");
}

function result({ address, title, heading, text }, words, place) {
  const link = element("a", "", address);
  link.tabIndex = -1;
  const name = element("span", "name");
  name.append(...marked(heading ? `${title} › ${heading}` : title, words));
  const first = text.toLowerCase().indexOf(words.find((word) => text.toLowerCase().includes(word)) ?? "");
  const start = Math.max(0, first - EXCERPT_BEFORE);
  const excerpt = element("span", "excerpt");
  excerpt.append(
    ...marked((start > 0 ? "…" : "") + text.slice(start, start + EXCERPT_LENGTH) + (text.length > start + EXCERPT_LENGTH ? "…" : ""), words),
  );
  link.append(name, excerpt);
  const item = element("li");
  item.id = `docs-result-${place}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(link);
  return item;
}

/** The text as nodes, with the words of the query in <mark>. */
function marked(text, words) {
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  return text.split(pattern).map((part, i) => {
    if (i % 2 === 0) return part;
    const mark = element("mark");
    mark.textContent = part;
    return mark;
  });
}

function element(name, className = "", href = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (href) made.href = href;
  return made;
}

function choose(place) {
  const items = [...results.children];
  if (items.length === 0) return;
  items[active]?.setAttribute("aria-selected", "false");
  active = (place + items.length) % items.length;
  items[active].setAttribute("aria-selected", "true");
  items[active].scrollIntoView({ block: "nearest" });
  query.setAttribute("aria-activedescendant", items[active].id);
}

function close() {
  found.hidden = true;
  query.setAttribute("aria-expanded", "false");
  query.removeAttribute("aria-activedescendant");
}

query.addEventListener("input", search);
query.addEventListener("focus", search);
query.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  switch (event.key) {
    case "ArrowDown":
      choose(active + 1);
      break;
    case "ArrowUp":
      choose(active < 0 ? -1 : active - 1);
      break;
    case "Enter":
      if (!found.hidden) results.children[Math.max(0, active)]?.querySelector("a").click();
      break;
    case "Escape":
      query.value = "";
      close();
      query.blur();
      break;
    default:
      return;
  }
  event.preventDefault();
});
document.getElementById("docs-search").addEventListener("focusout", (event) => {
  if (!event.currentTarget.contains(event.relatedTarget)) close();
});
results.addEventListener("click", (event) => {
  // A result on this page only moves it.
  if (event.target.closest("a")) close();
});
// A press on a result must not take the focus, and with it the list, away before it is a click.
found.addEventListener("mousedown", (event) => event.preventDefault());

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    query.focus();
    query.select();
  }
});

// Copy buttons

for (const figure of document.querySelectorAll("figure.code")) {
  const button = element("button", "copy");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const done = await copy(figure.querySelector("code").textContent);
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  figure.querySelector("figcaption").append(button);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Browsers give no clipboard to pages without TLS, as those of a node in one's own network are. */
function copySelected(text) {
  const area = element("textarea", "hidden");
  area.value = text;
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
  }
}

// The list of pages on a phone

const menu = document.getElementById("docs-menu");
const pages = document.getElementById("docs-pages");
menu.addEventListener("click", () => {
  const open = pages.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});
pages.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pages.classList.contains("open")) {
    menu.click();
    menu.focus();
  }
});
// Not by scrollIntoView(), which would also make the Tab key begin there and pass by the skip link.
const current = pages.querySelector('[aria-current="page"]');
if (current) pages.scrollTop = current.offsetTop - pages.clientHeight / 2;

// The heading that is read now

const headings = new Map(
  [...document.querySelectorAll(".headings a")].map((link) => [link.getAttribute("href").slice(1), link]),
);
if (headings.size > 0) {
  const seen = [...headings.keys()].map((id) => document.getElementById(id));
  const mark = () => {
    const passed = seen.filter((heading) => heading.getBoundingClientRect().top < 120);
    const now = (passed.at(-1) ?? seen[0]).id;
    for (const [id, link] of headings) {
      link.classList.toggle("now", id === now);
    }
  };
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}
