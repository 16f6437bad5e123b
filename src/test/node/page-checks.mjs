// Checks of a page that is shown in a tab. What is wrong is reported, and the next check goes on.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] };
const CONTROLS = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';
const TAB = { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 };
// What surrounds the content, the same on each page.
const FRAME = ["body > header", "body > footer", ".skip-link", "nav.menu", "nav.bottom-bar"];
// More than any page has: a key that never reaches the end is reported.
const TABS_MAX = 2_000;

/**
 * axe-core finds nothing at level AA, in all of the page or in its content alone. Frames are not read: they are
 * sandboxed, and run no script.
 */
export async function checkAccessibility(page, content, report) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (exclude, levels) => {
    const found = await globalThis.axe.run({ include: [document], exclude }, { ...levels, iframes: false });
    return found.violations.map(({ id, nodes }) => `${id} ${nodes[0].html} ${nodes[0].failureSummary}`);
  }, content ? FRAME : [], LEVELS);
  violations.forEach(report);
}

/** Neither the page nor a part of it scrolls to the side, but code and tables of figures. */
export async function checkWidth(page, width, report) {
  const wide = await page.evaluate((most) => {
    const root = document.documentElement;
    if (root.scrollWidth <= most) return [];
    const outside = [...document.querySelectorAll("body *")].filter((one) => {
      const { left, right, width } = one.getBoundingClientRect();
      return width > 0 && (left < -1 || right > most + 1);
    });
    return [root.scrollWidth, ...outside.slice(0, 3).map((one) => one.outerHTML.slice(0, 160))];
  }, width);
  if (wide.length > 0) report(`scrolls to the side: ${wide.join(" | ")}`);
}

/** What the mouse can press, keys can too. */
export async function checkPointer(page, report) {
  const found = await page.evaluate((controls) => {
    return [...document.querySelectorAll("body *")]
      .filter((one) => getComputedStyle(one).cursor === "pointer" && one.checkVisibility())
      .filter((one) => !one.closest(`${controls}, label, option, [role="option"]`))
      .map((one) => one.outerHTML.slice(0, 120));
  }, CONTROLS);
  found.forEach((one) => report(`only the mouse reaches ${one}`));
}

/** Presses the Tab key several times, without waiting for the page between them. */
export function pressTab(client, times) {
  const press = () =>
    Promise.all(["rawKeyDown", "keyUp"].map((type) => client.send("Input.dispatchKeyEvent", { type, ...TAB })));
  return Promise.all(Array.from({ length: times }, press));
}

/**
 * The Tab key reaches every control of the page, or of its content alone, in its order, and shows where it is: with a
 * line, and not behind something.
 */
export async function checkFocus({ page, client }, content, report) {
  const expected = await page.evaluate(startFocusLog, CONTROLS, content);
  let log = { steps: [], replaced: [], ended: false };
  for (let pressed = 0; !log.ended && pressed < TABS_MAX; ) {
    const more = Math.max(4, expected.length + 1 - pressed);
    await pressTab(client, more);
    pressed += more;
    log = await page.evaluate(() => globalThis.focusLog.read());
  }
  await page.evaluate(() => globalThis.focusLog.stop());
  if (!log.ended) report(`Tab never comes to the end: ${log.steps.at(-1)?.name}`);
  const known = new Set(expected.map(({ key }) => key));
  const reached = log.steps.filter(({ key }) => known.has(key));
  const missing = expected.filter(({ key }) => !reached.some((one) => one.key === key) && !log.replaced.includes(key));
  missing.forEach(({ name }) => report(`Tab does not reach ${name}`));
  const at = reached.findIndex(({ key }, i) => i > 0 && key < reached[i - 1].key);
  if (at > 0) report(`Tab reaches ${reached[at].name} after ${reached[at - 1].name}`);
  for (const { name, fault } of log.steps) if (fault) report(`${fault}: ${name}`);
}

/** Runs in the page. Returns what the Tab key is to reach, and records what it does reach until it starts again. */
function startFocusLog(controls, content) {
  const root = content ? document.querySelector("main") : document.body;
  const nameOf = (one) => `${one.outerHTML.slice(0, 100)} ${one.textContent.trim().slice(0, 30)}`;
  const isReachable = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0 && !one.matches(":disabled, [inert] *");
  // Of the radio buttons of a group, the Tab key reaches the one that is chosen, or the first.
  const isOfGroup = (one, all) => {
    if (one.type !== "radio") return true;
    const group = all.filter((other) => other.type === "radio" && other.name === one.name && other.form === one.form);
    return one === (group.find((other) => other.checked) ?? group[0]);
  };
  const all = [...root.querySelectorAll(controls)].filter(isReachable);
  const expected = all.filter((one) => isOfGroup(one, all));
  const keys = new Map(expected.map((one, i) => [one, i]));
  const steps = [];
  let ended = false;
  let last = null;

  const isCovered = (one) => {
    const box = one.getClientRects()[0];
    if (!box || box.width < 2 || box.height < 2) return false;
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (left >= right || top >= bottom) return true;
    const parts = [0.5, 0.1, 0.9];
    const spots = parts.flatMap((x) => parts.map((y) => [left + x * (right - left), top + y * (bottom - top)]));
    return !spots.some(([x, y]) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (one.contains(hit) || hit.contains(one));
    });
  };
  // The place is looked at before the next key, when the page has been scrolled to it.
  const look = () => {
    const one = document.activeElement;
    if (!one || one === root || one === document.body || one === last) return;
    last = one;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const isMarked = one.matches("iframe") || (outlineStyle === "solid" && parseFloat(outlineWidth) >= 2);
    const fault = !isMarked ? "does not show the focus" : isCovered(one) ? "has the focus where it is not seen" : "";
    steps.push({ key: keys.get(one) ?? -1, name: nameOf(one), fault });
  };
  const onKey = (event) => {
    if (event.key !== "Tab") return;
    if (ended) {
      event.preventDefault();
      return;
    }
    look();
  };
  const onFocus = (event) => {
    const one = event.target;
    if (!root.contains(one) || (steps.length > 0 && keys.get(one) === 0)) ended = true;
    // An editor takes the Tab key as text until Escape.
    if (one.matches("textarea")) {
      one.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    }
  };
  // From the top, and not from where the focus was last.
  const isFocusable = root.hasAttribute("tabindex");
  if (!isFocusable) root.tabIndex = -1;
  root.focus();
  if (!isFocusable) root.removeAttribute("tabindex");
  scrollTo(0, 0);
  addEventListener("keydown", onKey, true);
  addEventListener("focusin", onFocus, true);
  globalThis.focusLog = {
    read: () => {
      if (steps.length > 0 && document.activeElement === document.body) ended = true;
      // Live parts are rendered again.
      const replaced = expected.filter((one) => !one.isConnected).map((one) => keys.get(one));
      return { steps, ended, replaced };
    },
    stop: () => {
      removeEventListener("keydown", onKey, true);
      removeEventListener("focusin", onFocus, true);
      document.activeElement?.blur();
      scrollTo(0, 0);
    },
  };
  return expected.map((one, i) => ({ key: i, name: nameOf(one) }));
}
