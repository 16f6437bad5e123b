package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What each role may do. */
final class RoleTemplateTest {
  @Test
  void writesPermissionsAsAreaAndVerb() {
    assertThat(Permission.SCRIPTS_RUN_LIVE.text()).isEqualTo("scripts.run_live");
    assertThat(Permission.SCRIPTS_RUN_LIVE.area()).isEqualTo("scripts");
    assertThat(Arrays.stream(Permission.values()).map(Permission::text))
        .allMatch(text -> text.matches("[a-z]+\\.[a-z_]+"))
        .doesNotHaveDuplicates();
    for (Permission permission : Permission.values()) {
      assertThat(Permission.of(permission.text())).contains(permission);
    }
    assertThat(Permission.of("players")).isEmpty();
  }

  @Test
  void letsViewersReadAndChangeNothing() {
    assertThat(RoleTemplate.VIEWER.permissions()).isNotEmpty().allMatch(Permission::isRead);
    assertThat(RoleTemplate.ANALYST.permissions())
        .containsAll(RoleTemplate.VIEWER.permissions())
        .contains(Permission.PLAYERS_EXPORT)
        .doesNotContain(
            Permission.CHAT_READ, Permission.PLAYERS_PERSONAL, Permission.MATCHES_SECRET);
  }

  @Test
  void viewsAsAPlayerOnlyWithWhatThatShows() {
    var alone = new RoleTemplate("alone", EnumSet.of(Permission.PLAYERS_VIEW_AS));
    var personal =
        new RoleTemplate(
            "personal", EnumSet.of(Permission.PLAYERS_VIEW_AS, Permission.PLAYERS_PERSONAL));
    var all =
        new RoleTemplate(
            "all",
            EnumSet.of(
                Permission.PLAYERS_VIEW_AS, Permission.PLAYERS_PERSONAL, Permission.CHAT_READ));
    assertThat(alone.may(Permission.PLAYERS_VIEW_AS)).isFalse();
    assertThat(alone.missing(Permission.PLAYERS_VIEW_AS)).isEqualTo(Permission.PLAYERS_PERSONAL);
    assertThat(personal.may(Permission.PLAYERS_VIEW_AS)).isFalse();
    assertThat(personal.missing(Permission.PLAYERS_VIEW_AS)).isEqualTo(Permission.CHAT_READ);
    assertThat(personal.missing(Permission.KV_READ)).isEqualTo(Permission.KV_READ);
    assertThat(all.may(Permission.PLAYERS_VIEW_AS)).isTrue();
    assertThat(all.narrowedTo("key", personal.permissions()).may(Permission.PLAYERS_VIEW_AS))
        .isFalse();
  }

  @Test
  void documentsWhatEachRoleMayDo() throws IOException {
    String text = Files.readString(Path.of("src/main/resources/docs/console-permissions.md"));
    List<String> rows = text.lines().filter(line -> line.startsWith("| `")).toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Permission.values()).map(RoleTemplateTest::row).toList());
  }

  private static String row(Permission permission) {
    String roles =
        RoleTemplate.BUILT_IN.stream()
            .map(role -> role.may(permission) ? "yes" : "")
            .collect(Collectors.joining(" | "));
    String code = permission.needsStepUp() ? "yes" : "";
    return "| `" + permission.text() + "` | " + roles + " | " + code + " |";
  }

  @Test
  void readsTheRoleThatWasSelected() {
    assertThat(RoleTemplate.selected("admin")).contains(RoleTemplate.ADMIN);
    assertThat(RoleTemplate.selected("support players.read kv.read gone.verb"))
        .hasValueSatisfying(
            role -> {
              assertThat(role.name()).isEqualTo("support");
              assertThat(role.permissions())
                  .containsExactly(Permission.PLAYERS_READ, Permission.KV_READ);
              assertThat(role.isAdmin()).isFalse();
            });
    assertThat(RoleTemplate.selected("empty "))
        .hasValueSatisfying(role -> assertThat(role.permissions()).isEmpty());
    assertThat(RoleTemplate.selected("unknown")).isEmpty();
    assertThat(RoleTemplate.selected("")).isEmpty();
    assertThat(RoleTemplate.selected(null)).isEmpty();
  }

  @Test
  void letsNobodyGrantWhatTheyLack() {
    assertThat(RoleTemplate.OWNER.permissions()).containsExactly(Permission.values());
    for (RoleTemplate role : RoleTemplate.BUILT_IN) {
      assertThat(RoleTemplate.OWNER.mayGrant(role)).isTrue();
      assertThat(RoleTemplate.ADMIN.mayGrant(role)).isEqualTo(role != RoleTemplate.OWNER);
      assertThat(RoleTemplate.MODERATOR.mayGrant(role)).isFalse();
      assertThat(RoleTemplate.VIEWER.mayGrant(role)).isFalse();
      assertThat(role.isAdmin())
          .isEqualTo(role == RoleTemplate.OWNER || role == RoleTemplate.ADMIN);
      assertThat(RoleTemplate.builtIn(role.name())).contains(role);
    }
    assertThat(RoleTemplate.builtIn("")).isEmpty();
    assertThat(RoleTemplate.builtIn(null)).isEmpty();
  }
}
