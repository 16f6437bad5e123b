package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.testkit.Databases;
import io.vertx.core.http.HttpMethod;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each role goes through the console by the links that it is shown: every page opens and is not
 * blank, and whatever it offers, by link, form or button, the role may use.
 */
final class RoleWalkTest {
  /** The roles of the release, and one of a server's own that may do one thing alone. */
  private static final List<RoleTemplate> ROLES =
      Stream.concat(
              RoleTemplate.BUILT_IN.stream(),
              Stream.of(new RoleTemplate("support", Set.of(Permission.LIMITS_READ))))
          .toList();

  private static final int PAGES_OF_A_ROUTE = 2;
  private static final Pattern LINK = Pattern.compile("<a [^>]*?href=\"(/admin[^\"#]*)");
  private static final Pattern FORM = Pattern.compile("(?s)<form ([^>]*)>(.*?)</form>");
  private static final Pattern ACTION = Pattern.compile("\\baction=\"([^\"#]*)");
  private static final Pattern BUTTON = Pattern.compile("<button (?![^>]*type=\"button\")[^>]*>");
  private static final Pattern FORM_ACTION = Pattern.compile("formaction=\"(/admin[^\"#]*)");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  /** Pages that belong to the account, for every role. */
  private static final Pattern OF_ACCOUNT = Pattern.compile("/admin/factor.*");

  private final List<Registered> routes = ConsoleRoutes.all();
  private final Map<Registered, Pattern> patterns = new HashMap<>();

  /** By method and path: most pages have the same links. */
  private final Map<String, Optional<Registered>> found = new HashMap<>();

  private final Set<String> problems = new TreeSet<>();

  RoleWalkTest() {
    for (Registered route : routes) {
      String path = route.path().replaceAll("[.-]", "\\\\$0").replaceAll(":\\w+", "[^/]+");
      patterns.put(route, Pattern.compile(path));
    }
  }

  @Test
  void offersEachRoleOnlyWhatItMayDo(@TempDir Path extensions) throws Exception {
    var site = ConsoleSite.start(Databases.sqlite(), ConsoleContents.settings(extensions));
    try (var contents = ConsoleContents.fill(site)) {
      for (RoleTemplate role : ROLES) {
        boolean owner = role.equals(RoleTemplate.OWNER);
        ConsoleBrowser browser = owner ? site.admin() : site.withRole(role);
        Set<String> seen = walk(role, browser, contents.pages());
        assertThat(seen).as(role.name()).hasSizeGreaterThan(owner ? 70 : 3);
      }
    } finally {
      site.stop();
    }
    assertThat(problems).isEmpty();
  }

  /** Returns the routes of the pages that were seen. */
  private Set<String> walk(RoleTemplate role, ConsoleBrowser browser, List<String> starts) {
    var seen = new HashSet<String>();
    var visits = new HashMap<String, Set<String>>();
    var waiting = new ArrayDeque<String>();
    offer(role, "/admin", visits, waiting);
    starts.forEach(path -> offer(role, path, visits, waiting));
    while (!waiting.isEmpty()) {
      String path = waiting.poll();
      find(HttpMethod.GET, path).ifPresent(route -> seen.add(route.path()));
      HttpResponse<String> page = browser.get(path);
      String where = role.name() + " at " + path + ": ";
      if (page.statusCode() == 303) {
        String target = page.headers().firstValue("location").orElse("");
        use(role, where, HttpMethod.GET, target);
        offer(role, target, visits, waiting);
      } else if (page.statusCode() != 200) {
        problems.add(where + page.statusCode());
      } else if (isPage(page)) {
        check(role, where, path, page.body());
        LINK.matcher(page.body())
            .results()
            .map(link -> ConsoleBrowser.unescaped(link.group(1)))
            .forEach(link -> offer(role, link, visits, waiting));
      }
    }
    return seen;
  }

  private static boolean isPage(HttpResponse<String> answer) {
    return answer.headers().firstValue("content-type").orElse("").startsWith("text/html");
  }

  private void offer(
      RoleTemplate role, String path, Map<String, Set<String>> visits, ArrayDeque<String> waiting) {
    Optional<Registered> route = find(HttpMethod.GET, path);
    if (route.isEmpty() || !may(role, route.get())) {
      return;
    }
    String query = path.contains("?") ? path.substring(path.indexOf('?')) : "";
    String key = route.get().path() + query.replaceAll("=[^&]*", "");
    Set<String> visited = visits.computeIfAbsent(key, _ -> new HashSet<>());
    String page = path.split("\\?", 2)[0];
    if (visited.size() < PAGES_OF_A_ROUTE && visited.add(page)) {
      waiting.add(path);
    }
  }

  private void check(RoleTemplate role, String where, String path, String body) {
    int main = body.indexOf("<main");
    String text = TAG.matcher(body.substring(body.indexOf("</h1>", main))).replaceAll("").strip();
    if (main < 0 || text.isEmpty()) {
      problems.add(where + "blank");
    }
    LINK.matcher(body).results().forEach(link -> use(role, where, HttpMethod.GET, link.group(1)));
    FORM.matcher(body)
        .results()
        .forEach(
            form -> {
              boolean post = form.group(1).contains("method=\"post\"");
              var action = ACTION.matcher(form.group(1));
              String target = action.find() ? action.group(1) : path;
              boolean submits =
                  BUTTON
                      .matcher(form.group(2))
                      .results()
                      .anyMatch(button -> !button.group().contains("formaction="));
              if (submits) {
                use(role, where, post ? HttpMethod.POST : HttpMethod.GET, target);
              }
            });
    FORM_ACTION
        .matcher(body)
        .results()
        .forEach(button -> use(role, where, HttpMethod.POST, button.group(1)));
  }

  private void use(RoleTemplate role, String where, HttpMethod method, String escaped) {
    String path = ConsoleBrowser.unescaped(escaped);
    if (OF_ACCOUNT.matcher(path).matches()) {
      return;
    }
    Optional<Registered> route = find(method, path);
    if (route.isEmpty()) {
      problems.add(where + method + " " + path + " leads nowhere");
    } else if (!may(role, route.get())) {
      problems.add(where + "offers " + method + " " + path + " without its permission");
    }
  }

  private Optional<Registered> find(HttpMethod method, String path) {
    String page = path.split("\\?", 2)[0];
    return found.computeIfAbsent(
        method + " " + page,
        _ ->
            routes.stream()
                .filter(route -> route.method() == method)
                .filter(route -> patterns.get(route).matcher(page).matches())
                .findFirst());
  }

  private static boolean may(RoleTemplate role, Registered route) {
    return !(route.access() instanceof Access.Needs(var permission)) || role.may(permission);
  }
}
