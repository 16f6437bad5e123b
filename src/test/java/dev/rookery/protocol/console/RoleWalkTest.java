package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import dev.rookery.protocol.console.LinkWalk.LoadedPage;
import dev.rookery.testkit.Databases;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** What nobody has begun here, addresses of the audit log, and older ones that redirect. */
  private static final List<String> UNLINKED =
      List.of(
          "/admin/cluster/moves/:plan",
          "/admin/cluster/drills/:drill",
          "/admin/load/:run",
          "/admin/admins/:id",
          "/admin/invites/:invite",
          "/admin/lobbies/live",
          "/admin/kv/form");

  private static final int PAGES_OF_A_ROUTE = 2;
  private static final Pattern FORM = Pattern.compile("(?s)<form ([^>]*)>(.*?)</form>");
  private static final Pattern ACTION = Pattern.compile("\\baction=\"([^\"#]*)");
  private static final Pattern BUTTON = Pattern.compile("<button (?![^>]*type=\"button\")[^>]*>");
  private static final Pattern FORM_ACTION = Pattern.compile("formaction=\"(/admin[^\"#]*)");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  /** Pages that belong to the account, for every role. */
  private static final Pattern OF_ACCOUNT = Pattern.compile("/admin/factor.*");

  private final LinkWalk walk =
      new LinkWalk(ConsoleRoutes.all(), query -> query.replaceAll("=[^&]*", ""), PAGES_OF_A_ROUTE);
  private final Set<String> problems = new TreeSet<>();

  @Test
  void offersEachRoleOnlyWhatItMayDo(@TempDir Path extensions) throws Exception {
    var site = ConsoleSite.start(Databases.sqlite(), ConsoleContents.settings(extensions));
    try (var contents = ConsoleContents.fill(site)) {
      for (RoleTemplate role : ROLES) {
        boolean owner = role.equals(RoleTemplate.OWNER);
        ConsoleBrowser browser = owner ? site.admin() : site.withRole(role);
        List<LoadedPage> pages = walk(role, browser, contents.pages());
        assertThat(pages).as(role.name()).hasSizeGreaterThan(3);
        if (owner) {
          assertThat(walk.unseen(pages)).containsExactlyInAnyOrderElementsOf(UNLINKED);
        }
      }
    } finally {
      site.stop();
    }
    assertThat(problems).isEmpty();
  }

  private List<LoadedPage> walk(RoleTemplate role, ConsoleBrowser browser, List<String> more) {
    var starts = new ArrayList<>(more);
    starts.addFirst("/admin");
    List<LoadedPage> pages = walk.run(browser, route -> may(role, route), starts);
    for (LoadedPage page : pages) {
      String where = role.name() + " at " + page.path() + ": ";
      page.target().ifPresent(target -> use(role, where, HttpMethod.GET, target));
      if (page.isPage()) {
        check(role, where, page);
      } else if (page.target().isEmpty() && page.answer().statusCode() != 200) {
        problems.add(where + page.answer().statusCode());
      }
    }
    return pages;
  }

  private void check(RoleTemplate role, String where, LoadedPage page) {
    String body = page.answer().body();
    int main = body.indexOf("<main");
    String text = TAG.matcher(body.substring(body.indexOf("</h1>", main))).replaceAll("").strip();
    if (main < 0 || text.isEmpty()) {
      problems.add(where + "blank");
    }
    page.links()
        .filter(link -> link.startsWith("/admin"))
        .forEach(link -> use(role, where, HttpMethod.GET, link));
    FORM.matcher(body)
        .results()
        .forEach(
            form -> {
              boolean post = form.group(1).contains("method=\"post\"");
              var action = ACTION.matcher(form.group(1));
              String target = action.find() ? action.group(1) : page.path();
              boolean submits =
                  BUTTON
                      .matcher(form.group(2))
                      .results()
                      .anyMatch(button -> !button.group().contains("formaction="));
              if (submits) {
                use(
                    role,
                    where,
                    post ? HttpMethod.POST : HttpMethod.GET,
                    ConsoleBrowser.unescaped(target));
              }
            });
    FORM_ACTION
        .matcher(body)
        .results()
        .forEach(
            button -> use(role, where, HttpMethod.POST, ConsoleBrowser.unescaped(button.group(1))));
  }

  private void use(RoleTemplate role, String where, HttpMethod method, String path) {
    if (OF_ACCOUNT.matcher(path).matches()) {
      return;
    }
    Optional<Registered> route = walk.find(method, path);
    if (route.isEmpty()) {
      problems.add(where + method + " " + path + " leads nowhere");
    } else if (!may(role, route.get())) {
      problems.add(where + "offers " + method + " " + path + " without its permission");
    }
  }

  private static boolean may(RoleTemplate role, Registered route) {
    return !(route.access() instanceof Access.Needs(var permission)) || role.may(permission);
  }
}
