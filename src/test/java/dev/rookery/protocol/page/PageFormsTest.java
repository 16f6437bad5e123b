package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.FormProbe;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.TestNode;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a player types into a form or an address of the pages, the server answers. */
final class PageFormsTest {
  private static final Set<String> LEFT_OUT =
      Set.of("/users/log-out", "/users/update-password", "/users/settings/delete");

  /** Not pages of players, and those in other languages, which are the same. */
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "/(admin|docs|page|static|api|theme|dev|[a-z]{2}|[a-z]{2}-[A-Z]{2})(/.*)?|//.*|[^/].*");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void noFormIsAnswered500(Databases.TestDatabase database) {
    try (var node = TestNode.start(database);
        var warnings = new LoggedErrors(Level.WARN)) {
      TestBrowser ann = register(node, "ann");
      TestBrowser bob = register(node, "bob");
      String friends = "/users/settings/friends";
      bob.submit(friends, friends, "target", "1");
      String groups = "/users/settings/groups";
      bob.submit(groups, groups, "title", "group", "type", "public");
      bob.submit("/play/lobbies", "/play/lobbies", "title", "lobby");
      var probe =
          new FormProbe(
              ann::get,
              ann::post,
              path -> !ELSEWHERE.matcher(path).matches() && !LEFT_OUT.contains(path),
              warnings::take);
      assertThat(
              probe.run(
                  "/",
                  "/play",
                  "/play/lobbies",
                  "/groups",
                  "/chat",
                  "/notifications",
                  "/users/settings",
                  friends,
                  "/users/log-in",
                  "/users/register",
                  "/users/reset-password"))
          .isEmpty();
      assertThat(probe.seen()).contains("/play/lobbies/#", "/users/settings/data");
    }
  }

  private static TestBrowser register(TestNode node, String name) {
    var browser = new TestBrowser(node);
    browser.submit(
        "/users/register",
        "/users/register",
        "user[email]",
        name + "@example.com",
        "user[password]",
        "correct horse",
        "user[password_confirmation]",
        "correct horse",
        "user[display_name]",
        name);
    return browser;
  }
}
