// What the scripts share that look at pages with a real browser.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

export const PHONE = { width: 360, height: 740, isMobile: true, hasTouch: true };
export const DESKTOP = { width: 1280, height: 900 };
const WITHIN_MS = 20_000;

export function launch(executablePath, userDataDir) {
  return puppeteer.launch({
    executablePath,
    userDataDir,
    // It ends with this process, however that ends.
    pipe: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      // Whoever is not this machine cannot be found.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/**
 * A tab of a browser, or of a window of its own. What it complains of, and what it asks of anybody
 * but the node, is added to `bad`.
 */
export async function open(browser, address, bad) {
  const page = await browser.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const host = new URL(address).host;
  page.on("console", (line) => {
    if (["error", "warn"].includes(line.type())) bad.push(`${line.text()} ${line.location().url}`);
  });
  page.on("pageerror", (error) => bad.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).host !== host) bad.push(`asked ${request.url()}`);
  });
  page.on("requestfailed", (request) => bad.push(`failed: ${request.url()}`));
  const answer = await page.goto(address, { waitUntil: "networkidle2" });
  assert.equal(answer.status(), 200);
  return page;
}

/** How bright, from 0 to 1, the page and its letters are. */
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
