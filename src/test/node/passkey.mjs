// Passkeys of the console in a real browser, with an authenticator of the DevTools protocol: become the owner, add a
// passkey, sign out, sign in with it alone, give it again, and have it refused once its counter goes back.
import assert from "node:assert/strict";
import { checkLayout, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";

run(async (base, executablePath, userDataDir, code) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const problems = [];
    const page = await open(browser, `${base}/admin/setup?code=${code}`, problems);
    const { client, authenticatorId } = await authenticator(page);
    await page.type('[name="user[email]"]', "ann@example.com");
    await page.type('[name="user[password]"]', "correct horse");
    await submit(page, 'form[action="/admin/setup"]');
    assert.equal(new URL(page.url()).pathname, "/admin/factor");
    await checkLayout(page);
    assert.equal(await page.$eval("svg.qr path", (path) => getComputedStyle(path).fill), "rgb(0, 0, 0)");

    await page.type('[name="user[name]"]', "This laptop");
    await submit(page, "form.passkey");
    assert.match(await page.$eval("main", (main) => main.textContent), /Keep these codes/);
    await page.goto(`${base}/admin/me`);
    assert.match(await page.$eval("main", (main) => main.textContent), /This laptop/);

    await submit(page, 'form[action="/admin/end-session"]');
    await submit(page, 'form[action="/users/log-out"]');
    await page.goto(`${base}/admin/sign-in?return_to=/admin/me`);
    await checkLayout(page);
    await submit(page, "form.passkey");
    assert.equal(new URL(page.url()).pathname, "/admin/me");

    await page.goto(`${base}/admin/step-up?return_to=/admin/audit`);
    await checkLayout(page);
    await submit(page, "form.passkey");
    assert.equal(new URL(page.url()).pathname, "/admin/audit");

    // A copy of the authenticator, from before it was used.
    const { credentials } = await client.send("WebAuthn.getCredentials", { authenticatorId });
    const [{ largeBlob, ...credential }] = credentials;
    await client.send("WebAuthn.clearCredentials", { authenticatorId });
    await client.send("WebAuthn.addCredential", { authenticatorId, credential: { ...credential, signCount: 0 } });
    await page.goto(`${base}/admin/step-up`);
    await submit(page, "form.passkey");
    assert.match(await page.$eval('[role="alert"]', (alert) => alert.textContent), /there may be a copy of it/);
    assert.deepEqual(
      problems.filter((problem) => !/422|favicon/.test(problem)),
      [],
    );

    // Nobody touches it.
    await client.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await page.click("form.passkey button");
    await page.waitForFunction(() => /Nothing was done/.test(document.querySelector("form.passkey [role=status]").textContent));
  } finally {
    await browser.close();
  }
});

async function authenticator(page) {
  const client = await page.createCDPSession();
  await client.send("WebAuthn.enable");
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { client, authenticatorId };
}

async function submit(page, form) {
  await page.waitForSelector(`${form}:not([hidden])`);
  await Promise.all([page.waitForNavigation(), page.click(`${form} button[type=submit]`)]);
}
