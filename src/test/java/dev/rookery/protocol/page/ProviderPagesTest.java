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

/** Identity providers on the pages: sign in, link, unlink. */
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
  void signsInAfterTheCallback() {
    var ann = new TestBrowser(node);
    assertThat(ann.get("/users/log-in").body())
        .contains("href=\"/auth/discord\"", "href=\"/auth/google\"", "Sign in with Steam")
        .doesNotContain("/auth/openid");

    HttpResponse<String> in = through(ann, "/auth/discord", "41");

    assertThat(location(in)).isEqualTo("/users/settings");
    String settings = ann.get("/users/settings").body();
    assertThat(settings).contains("value=\"Ann\"", "Discord: linked", "Unlink Discord");
    assertThat(settings).contains("Google: not linked", "href=\"/auth/google\"");
  }

  @Test
  void linksAndUnlinksButKeepsTheLastSignInMethod() {
    var bob = new TestBrowser(node);
    through(bob, "/auth/discord", "42");
    String only =
        bob.fill("/users/settings", "/users/settings/provider", "provider", "discord").body();
    assertThat(only).contains("Nothing else opens this account yet.");

    providers.nextUser(
        new JsonObject()
            .put("id", "g42")
            .put("sub", "g42")
            .put("name", "Bob")
            .put("email", "bob@example.com")
            .put("verified_email", true)
            .put("email_verified", true));
    HttpResponse<String> linked = go(bob, "/auth/google");
    assertThat(location(linked)).isEqualTo("/users/settings?done=linked");
    assertThat(bob.get("/users/settings?done=linked").body())
        .contains("The other account is linked.", "Google: linked");

    var parted = bob.fill("/users/settings", "/users/settings/provider", "provider", "discord");
    assertThat(location(parted)).isEqualTo("/users/settings?done=provider");
    assertThat(bob.get("/users/settings").body()).contains("Discord: not linked");
  }

  @Test
  void rejectsAccountLinkedToAnotherPlayer() {
    through(new TestBrowser(node), "/auth/discord", "43");
    var eve = new TestBrowser(node);
    providers.nextUser(new JsonObject().put("id", "g44").put("sub", "g44").put("name", "Eve"));
    go(eve, "/auth/google");

    HttpResponse<String> refused = through(eve, "/auth/discord", "43");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("opens another player&#39;s account");
  }

  @Test
  void asvs_7_6_2_rejectsFlowStartedElsewhere() {
    // Started in another browser.
    var mallory = new TestBrowser(node);
    providers.nextUser(discord("45"));
    String back = callback(mallory, location(mallory.get("/auth/discord")));
    var ann = new TestBrowser(node);
    ann.get("/users/log-in");
    HttpResponse<String> lured = ann.get(back);
    assertThat(lured.statusCode()).isEqualTo(422);
    assertThat(lured.body()).contains("begun in another browser");
    assertThat(ann.cookies()).doesNotContainKey("rookery_session");

    // Started from another site.
    var sent = new TestBrowser(node).saying("sec-fetch-site", "cross-site").get("/auth/discord");
    assertThat(location(sent)).isEqualTo("/users/log-in");

    // Finished already.
    assertThat(location(mallory.get(back))).isEqualTo("/users/settings");
    assertThat(mallory.get(back).statusCode()).isEqualTo(422);
  }

  @Test
  void showsThatThePlayerCancelled() {
    var ann = new TestBrowser(node);
    String state =
        ProviderServer.fields(URI.create(location(ann.get("/auth/discord")))).get("state");
    String back = location(ann.get("/auth/discord/callback?error=access_denied&state=" + state));
    assertThat(back).startsWith("/users/settings/provider?flow=");
    assertThat(ann.get(back).body()).contains("You did not go through with it.");
  }

  private static HttpResponse<String> through(TestBrowser person, String begin, String id) {
    providers.nextUser(discord(id));
    return go(person, begin);
  }

  /** Signs in at the provider and finishes the flow on its page. */
  private static HttpResponse<String> go(TestBrowser person, String begin) {
    return person.get(callback(person, location(person.get(begin))));
  }

  /** The URL of the page that finishes the flow. */
  private static String callback(TestBrowser person, String provider) {
    var granted = node.send(HttpRequest.newBuilder(URI.create(provider)).build());
    URI back = URI.create(location(granted));
    return location(person.get(back.getRawPath() + "?" + back.getRawQuery()));
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

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElseThrow();
  }
}
