package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sign-in through identity providers, and linking them, on the pages. */
final class ProviderPagesTest {
  private static ProviderServer providers;
  private static TestNode node;

  @BeforeAll
  static void start() {
    providers = ProviderServer.start();
    node = TestNode.start(Databases.sqlite(), providers.environment());
    node.post("/api/v1/login/device", "{\"device_id\":\"the first of all\"}");
  }

  @AfterAll
  static void stop() {
    node.close();
    providers.close();
  }

  @Test
  void signsInThroughProvider() {
    var ann = new TestBrowser(node);
    assertThat(ann.get("/users/log-in").body())
        .contains("href=\"/auth/discord\"", "href=\"/auth/google\"", "Sign in with Steam")
        .doesNotContain("/auth/openid");

    HttpResponse<String> in = signInAs(ann, "/auth/discord", "41");

    assertThat(location(in)).isEqualTo("/users/settings");
    String settings = ann.get("/users/settings").body();
    assertThat(settings).contains("value=\"Ann\"", state("Discord", "Linked"), "Unlink: Discord");
    assertThat(settings).contains(state("Google", "Not linked"), "href=\"/auth/google\"");
  }

  @Test
  void linksAndUnlinksProvidersButKeepsTheLastOne() {
    var bob = new TestBrowser(node);
    signInAs(bob, "/auth/discord", "42");
    String only =
        bob.submit("/users/settings", "/users/settings/provider", "provider", "discord").body();
    assertThat(only).contains("This is your only linked account.");

    providers.nextUser(
        new JsonObject()
            .put("id", "g42")
            .put("sub", "g42")
            .put("name", "Bob")
            .put("email", "bob@example.com")
            .put("verified_email", true)
            .put("email_verified", true));
    HttpResponse<String> linked = completeFlow(bob, "/auth/google");
    assertThat(location(linked)).isEqualTo("/users/settings?done=linked");
    assertThat(bob.get("/users/settings?done=linked").body())
        .contains("Account linked.", state("Google", "Linked"));

    var unlinked = bob.submit("/users/settings", "/users/settings/provider", "provider", "discord");
    assertThat(location(unlinked)).isEqualTo("/users/settings?done=provider");
    assertThat(bob.get("/users/settings").body()).contains(state("Discord", "Not linked"));
  }

  @Test
  void refusesAccountLinkedToAnotherPlayer() {
    signInAs(new TestBrowser(node), "/auth/discord", "43");
    var eve = new TestBrowser(node);
    providers.nextUser(new JsonObject().put("id", "g44").put("sub", "g44").put("name", "Eve"));
    completeFlow(eve, "/auth/google");

    HttpResponse<String> refused = signInAs(eve, "/auth/discord", "43");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("This account is already linked", "belongs to another player");
  }

  @Test
  void asvs_7_6_2_rejectsFlowStartedElsewhere() {
    // A flow of another browser.
    var mallory = new TestBrowser(node);
    providers.nextUser(discord("45"));
    String back = callback(mallory, location(mallory.get("/auth/discord")));
    var ann = new TestBrowser(node);
    ann.get("/users/log-in");
    HttpResponse<String> refused = ann.get(back);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("started in another browser");
    assertThat(ann.cookies()).doesNotContainKey("rookery_session");

    // A request caused by another site.
    var redirected =
        new TestBrowser(node).withHeader("sec-fetch-site", "cross-site").get("/auth/discord");
    assertThat(location(redirected)).isEqualTo("/users/log-in");

    // A flow that is finished already.
    assertThat(location(mallory.get(back))).isEqualTo("/users/settings");
    assertThat(mallory.get(back).statusCode()).isEqualTo(422);
  }

  @Test
  void showsThatSignInWasCancelled() {
    var ann = new TestBrowser(node);
    String state =
        ProviderServer.fields(URI.create(location(ann.get("/auth/discord")))).get("state");
    String back = location(ann.get("/auth/discord/callback?error=access_denied&state=" + state));
    assertThat(back).startsWith("/users/settings/provider?flow=");
    assertThat(ann.get(back).body()).contains("The sign-in was cancelled.");
  }

  private static HttpResponse<String> signInAs(TestBrowser browser, String begin, String id) {
    providers.nextUser(discord(id));
    return completeFlow(browser, begin);
  }

  /** Goes to the provider and back, and finishes the flow. */
  private static HttpResponse<String> completeFlow(TestBrowser browser, String begin) {
    return browser.get(callback(browser, location(browser.get(begin))));
  }

  /** Returns the URL of the page that finishes the flow. */
  private static String callback(TestBrowser browser, String provider) {
    var granted = node.send(HttpRequest.newBuilder(URI.create(provider)).build());
    URI back = URI.create(location(granted));
    return location(browser.get(back.getRawPath() + "?" + back.getRawQuery()));
  }

  private static JsonObject discord(String id) {
    return JsonObject.of(
        "id",
        "d" + id,
        "username",
        "ann",
        "global_name",
        "Ann",
        "email",
        id + "@example.org",
        "verified",
        true);
  }

  private static String state(String provider, String state) {
    return "<b>%s</b><br><span class=\"muted\">%s".formatted(provider, state);
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElseThrow();
  }
}
