package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.player.PlayerCommand;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Roles of one's own, roles that end by themselves, and invitations to roles. */
@ExtendWith(VertxExtension.class)
final class RolesTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Set<Permission> SUPPORT =
      EnumSet.of(Permission.PLAYERS_READ, Permission.PLAYERS_NOTES);

  @ParameterizedTest
  @MethodSource(ALL)
  void changesWhatTheHoldersOfARoleMayDo(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    assertThat(put(console, "support", SUPPORT, 0L).revision()).isEqualTo(1);
    PlayerId ann = console.admin("ann", "support");
    PlayerId bob = console.admin("bob", "viewer");
    String session = console.session(ann, "");
    String other = console.session(bob, "");
    assertThat(console.role(ann)).isEqualTo(new RoleTemplate("support", SUPPORT));

    Set<Permission> more = EnumSet.of(Permission.PLAYERS_READ, Permission.KV_READ);
    assertThat(put(console, "support", more, 1L).holders()).isEqualTo(1);
    assertThat(console.role(ann).permissions()).isEqualTo(more);
    assertThat(console.isOpen(session)).isFalse();
    assertThat(console.isOpen(other)).isTrue();
    assertThat(console.refused(change(console.owner, "support", SUPPORT, 1L)))
        .isEqualTo("revision_conflict");

    assertThat(console.refused(new ConsoleCommand.DeleteRole(console.owner, "support")))
        .isEqualTo("role_in_use");
    console.bus.ask(new PlayerCommand.SetRole(console.owner, ann, null));
    console.bus.ask(new ConsoleCommand.DeleteRole(console.owner, "support"));
    assertThat(console.refused(new PlayerCommand.SetRole(console.owner, ann, "support")))
        .isEqualTo("invalid");
    assertThat(console.bus.ask(new ConsoleCommand.ListRoles()))
        .extracting(role -> role.template().name())
        .containsExactly("owner", "admin", "moderator", "analyst", "viewer");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsNobodyChangeARoleToWhatTheyLack(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId admin = console.admin("admin", "admin");
    Set<Permission> restore = EnumSet.of(Permission.BACKUPS_RESTORE);
    assertThat(console.refused(change(admin, "restorer", restore, 0L)))
        .isEqualTo("role_not_grantable");
    put(console, "restorer", restore, 0L);
    // Not even to take from it.
    assertThat(console.refused(change(admin, "restorer", SUPPORT, null)))
        .isEqualTo("role_not_grantable");
    assertThat(console.refused(new ConsoleCommand.DeleteRole(admin, "restorer")))
        .isEqualTo("role_not_grantable");
    assertThat(console.refused(change(console.owner, "viewer", SUPPORT, null)))
        .isEqualTo("built_in_role");
    assertThat(console.refused(change(console.owner, "No Name", SUPPORT, null)))
        .isEqualTo("invalid");

    Set<Permission> all = EnumSet.allOf(Permission.class);
    put(console, "everything", all, 0L);
    PlayerId ann = console.admin("ann", "everything");
    assertThat(console.refused(change(ann, "everything", SUPPORT, null)))
        .isEqualTo("cannot_change_own_role");
    // All permissions do not make an owner.
    assertThat(console.refused(new PlayerCommand.SetRole(ann, console.player("x"), "owner")))
        .isEqualTo("role_not_grantable");
    assertThat(console.refused(new PlayerCommand.SetRole(ann, console.owner, null)))
        .isEqualTo("role_not_grantable");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void boundsHowManyRolesAreAdded(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    for (int i = 0; i < Roles.ADDED_MAX; i++) {
      put(console, "role-" + i, SUPPORT, 0L);
    }
    assertThat(console.refused(change(console.owner, "one-more", SUPPORT, 0L)))
        .isEqualTo("too_many_roles");
    put(console, "role-7", Set.of(), null);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endsARoleAtItsTime(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId ann = console.player("ann");
    PlayerId bob = console.player("bob");
    long end = store.clock().millis() + Duration.ofHours(2).toMillis();
    give(console, console.owner, ann, "admin", end);
    assertThat(console.bus.ask(new ConsoleCommand.ListGrants()))
        .extracting(Grant::untilMs)
        .containsExactly(null, end);
    String session = console.session(ann, "");
    // Nobody gives what lasts longer than their own.
    assertThat(console.refused(new PlayerCommand.SetRole(ann, bob, "viewer")))
        .isEqualTo("role_outlives_yours");
    give(console, ann, bob, "viewer", end);
    assertThat(
            console.refused(
                new PlayerCommand.SetRole(
                    console.owner, bob, "viewer", store.clock().millis() - 1)))
        .isEqualTo("invalid");
    assertThat(console.refused(new PlayerCommand.SetRole(console.owner, bob, "owner", end)))
        .isEqualTo("invalid");

    store.clock().advance(Duration.ofMinutes(119));
    assertThat(console.role(ann)).isEqualTo(RoleTemplate.ADMIN);
    String again = console.session(ann, "");
    store.clock().advance(Duration.ofMinutes(1));
    assertThat(console.role(ann)).isNull();
    assertThat(console.isOpen(session)).isFalse();
    assertThat(console.isOpen(again)).isFalse();
    assertThat(console.refused(new PlayerCommand.SetRole(ann, bob, "viewer", end + 1)))
        .isEqualTo("role_not_grantable");

    assertThat(console.bus.ask(new ConsoleCommand.ListExpiredGrants())).contains(ann, bob);
    assertThat(console.bus.ask(new PlayerCommand.EndExpiredRole(ann))).isNotNull();
    console.bus.ask(new PlayerCommand.EndExpiredRole(console.owner));
    assertThat(console.bus.ask(new PlayerCommand.Find(ann)).admin()).isFalse();
    assertThat(console.role(console.owner)).isEqualTo(RoleTemplate.OWNER);
    assertThat(console.bus.ask(new ConsoleCommand.ListExpiredGrants())).containsExactly(bob);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void limitsWhatAnAccessKeyGrants(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId ann = console.player("ann");
    var give = new PlayerCommand.SetRole(console.owner, ann, "admin");
    assertThat(console.refusedForKey(give, console.owner, EnumSet.of(Permission.ADMINS_EDIT)))
        .isEqualTo("role_not_grantable");
    var owner = new PlayerCommand.SetRole(console.owner, ann, "owner");
    assertThat(console.refusedForKey(owner, console.owner, EnumSet.allOf(Permission.class)))
        .isEqualTo("role_not_grantable");
    var put = change(console.owner, "support", SUPPORT, 0L);
    assertThat(console.refusedForKey(put, console.owner, EnumSet.of(Permission.ADMINS_EDIT)))
        .isEqualTo("role_not_grantable");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesTheRoleOfAnInvitationOnce(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    var created = console.bus.ask(invite(console.owner, "moderator"));
    assertThat(console.bus.ask(new ConsoleCommand.FindInvite(created.token())))
        .hasValueSatisfying(found -> assertThat(found.role()).isEqualTo("moderator"));
    PlayerId ann = console.player("ann");
    console.bus.ask(new PlayerCommand.AcceptInvite(ann, created.token()));
    assertThat(console.role(ann)).isEqualTo(RoleTemplate.MODERATOR);
    assertThat(
            console.refused(new PlayerCommand.AcceptInvite(console.player("bob"), created.token())))
        .isEqualTo("invalid_token");
    assertThat(console.bus.ask(new ConsoleCommand.ListInvites())).isEmpty();

    var next = console.bus.ask(invite(console.owner, "viewer"));
    assertThat(console.refused(new PlayerCommand.AcceptInvite(ann, next.token())))
        .isEqualTo("has_role");
    console.bus.ask(new ConsoleCommand.CancelInvite(next.invite().id()));
    assertThat(console.refused(new PlayerCommand.AcceptInvite(console.player("bob"), next.token())))
        .isEqualTo("invalid_token");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void invitesToNothingThatTheAdminLacks(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId admin = console.admin("admin", "admin");
    assertThat(console.refused(invite(admin, "owner"))).isEqualTo("role_not_grantable");
    assertThat(console.refused(invite(console.owner, "nothing"))).isEqualTo("invalid");
    var late = console.bus.ask(invite(admin, "viewer"));
    var lost = console.bus.ask(invite(admin, "moderator"));
    put(console, "support", SUPPORT, 0L);
    console.bus.ask(invite(admin, "support"));
    assertThat(console.refused(new ConsoleCommand.DeleteRole(console.owner, "support")))
        .isEqualTo("role_in_use");

    console.bus.ask(new PlayerCommand.SetRole(console.owner, admin, "viewer"));
    PlayerId ann = console.player("ann");
    assertThat(console.refused(new PlayerCommand.AcceptInvite(ann, lost.token())))
        .isEqualTo("role_not_grantable");
    // A person without an account creates none for it.
    assertThat(console.bus.ask(new ConsoleCommand.FindInvite(lost.token()))).isEmpty();
    console.bus.ask(new PlayerCommand.SetRole(console.owner, admin, "admin"));
    assertThat(console.bus.ask(new ConsoleCommand.FindInvite(lost.token()))).isPresent();
    // A refused one was not used up.
    console.bus.ask(new PlayerCommand.AcceptInvite(ann, lost.token()));
    store.clock().advance(Duration.ofHours(24));
    assertThat(console.refused(new PlayerCommand.AcceptInvite(console.player("bob"), late.token())))
        .isEqualTo("invalid_token");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsNobodyCancelAnInvitationOfAHigherRole(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId ann = console.admin("ann", "admin");
    Set<Permission> all = EnumSet.allOf(Permission.class);
    var ofOwner = new ConsoleCommand.CancelInvite(idOfInvite(console, console.owner));
    assertThat(console.refusedForKey(ofOwner, ann, all)).isEqualTo("role_not_grantable");
    assertThat(console.bus.ask(new ConsoleCommand.ListInvites())).hasSize(1);

    // One's own, also by a key that may do less than its maker; and that of an equal.
    var edits = ConsoleFixture.byKey(ann, EnumSet.of(Permission.ADMINS_EDIT));
    var own = new ConsoleCommand.CancelInvite(idOfInvite(console, ann));
    TestBus.await(console.bus.bus().ask(own, edits));
    var equal = new ConsoleCommand.CancelInvite(idOfInvite(console, console.admin("bob", "admin")));
    TestBus.await(console.bus.bus().ask(equal, ConsoleFixture.byKey(ann, all)));
    assertThat(console.bus.ask(new ConsoleCommand.ListInvites())).hasSize(1);
  }

  private static String idOfInvite(ConsoleFixture console, PlayerId by) {
    return console.bus.ask(invite(by, "viewer")).invite().id();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsNobodyWhoseRoleEndsChangeRolesInUse(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId ann = console.player("ann");
    long end = store.clock().millis() + Duration.ofHours(2).toMillis();
    give(console, console.owner, ann, "admin", end);
    put(console, "support", SUPPORT, 0L);
    Set<Permission> more = EnumSet.of(Permission.PLAYERS_READ, Permission.KV_READ);
    assertThat(console.bus.ask(change(ann, "support", more, null)).holders()).isZero();
    console.bus.ask(invite(console.owner, "support"));
    assertThat(console.refused(change(ann, "support", SUPPORT, null)))
        .isEqualTo("role_outlives_yours");
    assertThat(put(console, "support", SUPPORT, null).revision()).isEqualTo(3);
    put(console, "helper", SUPPORT, 0L);
    console.admin("bob", "helper");
    assertThat(console.refused(change(ann, "helper", more, null))).isEqualTo("role_outlives_yours");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesInvitationsOfTheBannedAndToRolesThatHaveEnded(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId admin = console.admin("admin", "admin");
    PlayerId ann = console.player("ann");
    var created = console.bus.ask(invite(admin, "viewer"));
    long now = store.clock().millis();
    store
        .database()
        .write(tx -> tx.run("UPDATE player SET banned_ms = $1 WHERE id = $2", now, admin.value()));
    assertThat(console.bus.ask(new ConsoleCommand.FindInvite(created.token()))).isEmpty();
    assertThat(console.refused(new PlayerCommand.AcceptInvite(ann, created.token())))
        .isEqualTo("invalid_token");

    long hour = Duration.ofHours(1).toMillis();
    var brief =
        console.bus.ask(new ConsoleCommand.CreateInvite(console.owner, "viewer", null, now + hour));
    assertThat(console.bus.ask(new ConsoleCommand.FindInvite(brief.token()))).isPresent();
    store.clock().advance(Duration.ofHours(1));
    assertThat(console.refused(new PlayerCommand.AcceptInvite(ann, brief.token())))
        .isEqualTo("invalid_token");
  }

  private static ConsoleCommand.CreateInvite invite(PlayerId by, String role) {
    return new ConsoleCommand.CreateInvite(by, role, null, null);
  }

  private static void give(
      ConsoleFixture console, PlayerId by, PlayerId player, String role, long untilMs) {
    console.bus.ask(new PlayerCommand.SetRole(by, player, role, untilMs));
  }

  private static StoredRole put(
      ConsoleFixture console, String name, Set<Permission> permissions, @Nullable Long revision) {
    return console.bus.ask(change(console.owner, name, permissions, revision));
  }

  private static ConsoleCommand.PutRole change(
      PlayerId by, String name, Set<Permission> permissions, @Nullable Long revision) {
    return new ConsoleCommand.PutRole(by, name, permissions, revision);
  }
}
