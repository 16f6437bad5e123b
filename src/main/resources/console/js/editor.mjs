// The editor of JSON and Lua: a text area over a layer with colours, with what is wrong below it.
// Without script it is the text area alone, and the server says what is wrong when the form is sent.
const CHECK_AFTER_MS = 600;
const COLOUR_AFTER_MS = 150;
const CHARACTERS_MAX = 256 << 10;
const LINES_MAX = 5_000;
const PROBLEMS_MAX = 20;
const WORDS_SHOWN = 20;
const INDENT = "  ";

const KEYWORDS = new Set(
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(" "),
);
const LUA = /--\[(=*)\[[\s\S]*?(?:\]\1\]|$)|--[^\n]*|\[(=*)\[[\s\S]*?(?:\]\2\]|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|\b(?:0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?)\b|[A-Za-z_]\w*/gi;
const JSON_TOKEN = /"(?:\\[\s\S]|[^"\\\n])*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** The parts of a text that have a colour: start, end and class. */
function* luaParts(text) {
  for (const { 0: part, index } of text.matchAll(LUA)) {
    const kind = part.startsWith("--")
      ? "comment"
      : /^["'[]/.test(part)
        ? "str"
        : /^\d/.test(part)
          ? "num"
          : KEYWORDS.has(part)
            ? "key"
            : null;
    if (kind) yield [index, index + part.length, kind];
  }
}

function* jsonParts(text) {
  for (const { 0: part, index } of text.matchAll(JSON_TOKEN)) {
    const end = index + part.length;
    const kind = part.startsWith('"') ? (/^\s*:/.test(text.slice(end, end + 40)) ? "key" : "str") : "num";
    yield [index, end, kind];
  }
}

/** Reads JSON as strictly as the server; returns where each value begins, by JSON pointer. */
export function readJson(text) {
  const places = new Map();
  let at = 0;
  const fail = (message, place = at) => {
    throw Object.assign(new Error(message), { place });
  };
  const blank = () => {
    while (/[\s]/.test(text[at] ?? "")) at++;
  };
  const string = () => {
    const found = /^"(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|[^"\\\u0000-\u001f])*"/.exec(text.slice(at));
    if (!found) fail("this text has no end, or a character that must be escaped");
    at += found[0].length;
    return JSON.parse(found[0]);
  };
  const value = (pointer, depth) => {
    if (depth > 200) fail("is too deep");
    blank();
    places.set(pointer, at);
    const start = text[at];
    if (start === "{" || start === "[") {
      const end = start === "{" ? "}" : "]";
      const names = new Set();
      let item = 0;
      at++;
      blank();
      if (text[at] === end) {
        at++;
        return;
      }
      for (;;) {
        blank();
        let name = item++;
        if (start === "{") {
          const place = at;
          if (text[at] !== '"') fail("a name in quotes is expected");
          name = string();
          if (names.has(name)) fail(`the name "${name}" is there twice`, place);
          names.add(name);
          blank();
          if (text[at] !== ":") fail("a colon is expected");
          at++;
        }
        value(`${pointer}/${name}`, depth + 1);
        blank();
        if (text[at] === end) {
          at++;
          return;
        }
        if (text[at] !== ",") fail(`a comma or ${end} is expected`);
        at++;
      }
    }
    if (start === '"') {
      string();
      return;
    }
    const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(text.slice(at));
    if (!word) fail("a value is expected");
    at += word[0].length;
  };
  value("", 0);
  blank();
  if (at < text.length) fail("nothing is expected here");
  return places;
}

const lineOf = (text, place) => text.slice(0, place).split("\n").length;

function colour(layer, text, parts) {
  const nodes = [];
  let last = 0;
  for (const [from, to, kind] of parts) {
    if (from > last) nodes.push(text.slice(last, from));
    const span = document.createElement("span");
    span.className = `t-${kind}`;
    span.textContent = text.slice(from, to);
    nodes.push(span);
    last = to;
  }
  // The line end keeps an empty last line as high as in the text area.
  nodes.push(`${text.slice(last)}\n`);
  layer.replaceChildren(...nodes);
}

function start(area) {
  const json = area.dataset.editor === "json";
  const frame = document.createElement("div");
  const layer = document.createElement("pre");
  const status = document.createElement("div");
  const problems = document.createElement("ul");
  frame.className = "editor";
  layer.setAttribute("aria-hidden", "true");
  problems.className = "problems";
  status.setAttribute("role", "status");
  status.append(problems);
  area.replaceWith(frame);
  frame.append(layer, area);
  frame.after(status);
  let colouring = 0;
  let checking = 0;
  let asked = 0;
  let leaves = false;

  function paint() {
    const text = area.value;
    const plain = text.length > CHARACTERS_MAX || text.split("\n").length > LINES_MAX;
    frame.classList.toggle("plain", plain);
    if (!plain) colour(layer, text, json ? jsonParts(text) : luaParts(text));
    follow();
  }

  function follow() {
    layer.scrollTop = area.scrollTop;
    layer.scrollLeft = area.scrollLeft;
  }

  function show(found) {
    problems.replaceChildren(
      ...found.slice(0, PROBLEMS_MAX).map(({ line, message }) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quiet";
        button.textContent = line ? `Line ${line}: ${message}` : message;
        button.addEventListener("click", () => goTo(line ?? 1));
        item.append(button);
        return item;
      }),
    );
  }

  function goTo(line) {
    const place = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(place, place);
  }

  async function check() {
    const text = area.value;
    let places = null;
    if (json) {
      if (text.trim() === "") return show([]);
      try {
        places = readJson(text);
      } catch (broken) {
        return show([{ line: lineOf(text, broken.place ?? 0), message: broken.message }]);
      }
    }
    show([]);
    if (!area.dataset.check || text.trim() === "") return;
    const number = ++asked;
    const token = document.querySelector('input[name="_csrf_token"]').value;
    try {
      const body = new URLSearchParams({ _csrf_token: token, text });
      const answer = await fetch(area.dataset.check, { method: "POST", body });
      if (!answer.ok || number !== asked) return;
      const found = (await answer.json()).problems;
      show(
        found.map(({ line, path, message }) => ({
          line: line ?? (places?.has(path) ? lineOf(text, places.get(path)) : null),
          message: path ? `${path}: ${message}` : message,
        })),
      );
    } catch {
      // The server says so when the form is sent.
    }
  }

  function insert(text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Moves the selected lines by one step. */
  function indent(back) {
    const { value, selectionStart, selectionEnd } = area;
    if (!back && selectionStart === selectionEnd) return insert(INDENT);
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const lines = value.slice(from, selectionEnd).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^ {1,2}/, "") : INDENT + line)).join("\n");
    area.setRangeText(moved, from, selectionEnd, "select");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const complete = startCompletion(area, frame, insert);
  area.addEventListener("keydown", (event) => {
    if (complete(event)) return;
    if (event.key === "Escape") {
      // Then Tab leaves the field, as it does everywhere else.
      leaves = true;
    } else if (event.key === "Tab" && !leaves && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      indent(event.shiftKey);
    } else if (event.key !== "Tab" && event.key !== "Shift") {
      leaves = false;
    }
  });
  area.addEventListener("input", () => {
    clearTimeout(colouring);
    clearTimeout(checking);
    frame.classList.add("changed");
    colouring = setTimeout(() => {
      frame.classList.remove("changed");
      paint();
    }, COLOUR_AFTER_MS);
    checking = setTimeout(check, CHECK_AFTER_MS);
  });
  area.addEventListener("scroll", follow);
  paint();
}

/** Offers the words of the schema with Ctrl+Space; returns whether a key was used for it. */
function startCompletion(area, frame, insert) {
  const source = document.getElementById(`${area.id}-words`);
  if (!source) return () => false;
  const words = [...source.options].map((option) => option.value);
  const list = document.createElement("ul");
  list.id = `${area.id}-list`;
  list.className = "words";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Words of the schema");
  list.hidden = true;
  frame.after(list);
  area.setAttribute("aria-controls", list.id);
  let chosen = 0;
  const typed = () => /[\w.-]*$/.exec(area.value.slice(0, area.selectionStart))[0];

  function close() {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    chosen = (index + list.children.length) % list.children.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    area.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  function take(word) {
    close();
    area.setSelectionRange(area.selectionStart - typed().length, area.selectionEnd);
    const quoted = area.value[area.selectionStart - 1] === '"';
    insert(quoted ? word : JSON.stringify(word));
    area.focus();
  }

  function open() {
    const beginning = typed();
    const found = words.filter((word) => word.startsWith(beginning)).slice(0, WORDS_SHOWN);
    if (found.length === 0) return close();
    list.replaceChildren(
      ...found.map((word, i) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${i}`;
        item.setAttribute("role", "option");
        item.textContent = word;
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(word);
        });
        return item;
      }),
    );
    list.hidden = false;
    choose(0);
  }

  area.addEventListener("blur", close);
  area.addEventListener("input", () => list.hidden || open());
  return (event) => {
    if (event.key === " " && event.ctrlKey) {
      open();
    } else if (list.hidden) {
      return false;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" || event.key === "Tab") {
      take(list.children[chosen].textContent);
    } else if (event.key === "Escape") {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  };
}

export function startEditors(root) {
  root.querySelectorAll("textarea[data-editor]").forEach(start);
}
