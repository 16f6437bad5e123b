// Helpers for scripts that test pages in a real browser.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";
import { pressTab } from "./page-checks.mjs";

export const PHONE = { width: 360, height: 740, isMobile: true, hasTouch: true };
export const DESKTOP = { width: 1280, height: 900 };
const WITHIN_MS = 60_000;

export function launch(executablePath, userDataDir) {
  return puppeteer.launch({
    executablePath,
    userDataDir,
    timeout: 120_000,
    // The browser ends when this process does, however it ends.
    pipe: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      // No host but this machine can be resolved.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

/** The cookies of a client of the tests, name=value with semicolons between them, for a browser. */
export function cookiesOf(header) {
  return header.split(";").map((cookie) => {
    const [name, value] = cookie.split(/=(.*)/);
    return { name, value, domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Lax" };
  });
}

/**
 * Opens a page in a tab of a browser or browser context. Console errors, failed requests, and
 * requests to other hosts are added to `problems`.
 */
export async function open(browser, address, problems) {
  const page = await browser.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const host = new URL(address).host;
  page.on("console", (line) => {
    if (["error", "warn"].includes(line.type())) problems.push(`${line.text()} ${line.location().url}`);
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).host !== host) problems.push(`asked ${request.url()}`);
  });
  page.on("requestfailed", (request) => problems.push(`failed: ${request.url()}`));
  const response = await page.goto(address, { waitUntil: "networkidle2" });
  assert.equal(response.status(), 200);
  return page;
}

/** The brightness of background and text, from 0 to 1. */
export async function colours(page, scheme) {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  return page.evaluate(() => {
    const bright = (colour) => {
      const [r, g, b] = colour.match(/\d+/g).map(Number);
      return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    };
    const { backgroundColor, color } = getComputedStyle(document.body);
    return { paper: bright(backgroundColor), ink: bright(color) };
  });
}

const CONTRAST_MIN = 4.5;
const TARGET_PIXELS_MIN = 24;

/** Checks the page on a phone and on a desktop, light and dark, and with the keyboard. */
export async function checkLayout(page) {
  for (const size of [PHONE, DESKTOP]) {
    await page.setViewport(size);
    const light = await colours(page, "light");
    assert.ok(light.paper > light.ink + 0.5, `dark on light: ${JSON.stringify(light)}`);
    await checkReadability(page, "light", size);
    const dark = await colours(page, "dark");
    assert.ok(dark.ink > dark.paper + 0.5, `light on dark: ${JSON.stringify(dark)}`);
    await checkReadability(page, "dark", size);
  }
  await page.setViewport(DESKTOP);
  await checkKeyboardAccess(page);
}

async function checkReadability(page, scheme, size) {
  const found = await page.evaluate(measure);
  const where = `${page.url()} ${scheme} ${size.width}`;
  assert.ok(found.wide <= size.width, `${where}: scrolls to the side, ${found.wide}`);
  assert.deepEqual(
    found.texts.filter(({ contrast }) => contrast < CONTRAST_MIN),
    [],
    `${where}: too little contrast`,
  );
  assert.deepEqual(
    found.controls.filter(({ height }) => height < TARGET_PIXELS_MIN),
    [],
    `${where}: too small to touch`,
  );
  assert.deepEqual(found.unnamed, [], `${where}: without a label`);
  assert.equal(found.headings, 1, where);
  assert.equal(found.mains, 1, where);
}

/** Runs in the page. */
function measure() {
  const part = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  // Red, green and blue from 0 to 1, and how much of what is behind is covered.
  const parse = (colour) => {
    const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [r, g, b, alpha] : [r / 255, g / 255, b / 255, alpha];
  };
  const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const over = ([r, g, b, alpha], below) =>
    [r, g, b].map((value, i) => value * alpha + below[i] * (1 - alpha));
  const backgrounds = new Map();
  const background = (element) => {
    if (!element) return [1, 1, 1];
    if (!backgrounds.has(element)) {
      const colour = parse(getComputedStyle(element).backgroundColor);
      backgrounds.set(element, colour[3] === 1 ? colour.slice(0, 3) : over(colour, background(element.parentElement)));
    }
    return backgrounds.get(element);
  };
  const shown = [...document.querySelectorAll("body *")].filter((one) => one.offsetParent !== null);
  const texts = shown
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => {
      const behind = background(one);
      const [a, b] = [luminance(over(parse(getComputedStyle(one).color), behind)), luminance(behind)];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return { text: one.textContent.trim().slice(0, 40), contrast };
    });
  const controls = shown.filter((one) => one.matches('button, .button, select, input:not([type="checkbox"])'));
  return {
    wide: document.documentElement.scrollWidth,
    texts,
    controls: controls.map((one) => ({ text: one.outerHTML.slice(0, 60), height: one.offsetHeight })),
    unnamed: shown
      .filter((one) => one.matches("input, select") && one.labels.length === 0)
      .map((one) => one.outerHTML),
    headings: document.querySelectorAll("h1").length,
    mains: document.querySelectorAll("main").length,
  };
}

/** The Tab key reaches everything in its order, and the focus is visible. */
export async function checkKeyboardAccess(page) {
  const all = await page.evaluate(startTabLog);
  // Not detached: the end of a session takes the virtual authenticators of the page with it.
  await pressTab(await page.createCDPSession(), all.length);
  const reached = await page.evaluate(() => window.tabLog.end());
  for (const { name, outline } of reached) {
    assert.equal(outline, "solid", `${page.url()} does not show the focus: ${name}`);
  }
  assert.deepEqual(
    reached.map(({ name }) => name),
    all,
  );
}

/** Runs in the page. Returns what the Tab key is to reach, and records where each press has led until it ends. */
function startTabLog() {
  const nameOf = (one) =>
    [one.tagName, one.getAttribute("href") ?? one.id, one.textContent.trim().slice(0, 40)].join(" ");
  const reached = [];
  let pressed = false;
  const look = () => {
    if (!pressed) return;
    const one = document.activeElement;
    reached.push({ name: nameOf(one), outline: getComputedStyle(one).outlineStyle });
  };
  // Before the next key, when the page shows what the last one has done.
  const onKey = (event) => {
    if (event.key !== "Tab") return;
    look();
    pressed = true;
  };
  document.activeElement?.blur();
  addEventListener("keydown", onKey, true);
  window.tabLog = {
    end: () => {
      removeEventListener("keydown", onKey, true);
      look();
      return reached;
    },
  };
  const found = document.querySelectorAll(
    'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]',
  );
  // What a closed menu holds is neither visible nor reached.
  return [...found].filter((one) => one.checkVisibility() && one.tabIndex >= 0).map(nameOf);
}
