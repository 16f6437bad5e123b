package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
