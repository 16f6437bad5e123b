// Helpers for scripts that test pages in a real browser.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

export const PHONE = { width: 360, height: 740, isMobile: true, hasTouch: true };
export const DESKTOP = { width: 1280, height: 900 };
const WITHIN_MS = 20_000;

export function launch(executablePath, userDataDir) {
  return puppeteer.launch({
    executablePath,
    userDataDir,
    // The browser ends when this process does, however it ends.
    pipe: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      // No host but this machine can be resolved.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
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
