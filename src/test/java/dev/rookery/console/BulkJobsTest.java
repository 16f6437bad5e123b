package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.BulkActions.RowCommand;
import dev.rookery.console.BulkJob.State;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which jobs of admins a node carries out, and when it stops. */
@ExtendWith(VertxExtension.class)
final class BulkJobsTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String KNOWN = "things.do";

  private static void deploy(ConsoleFixture console, BulkActions actions) {
    var member = TestClusterMember.join(console.store, "worker");
    console.bus.deploy(
        new BulkVerticle(
            console.bus.bus(),
            console.store.database(),
            member.scheduler(),
            actions,
            console.store.clock()));
  }

  private static BulkActions actions(RowCommand command) {
    var actions = new BulkActions();
    actions.register(
        KNOWN, new BulkAction(Permission.PLAYERS_BAN, "test_thing", "things", false, command));
    return actions;
  }

  private static long start(ConsoleFixture console, PlayerId admin, String list, String action) {
    long job = console.bus.ask(new BulkCommand.Select(admin, list, action, "")).id();
    console.bus.ask(new BulkCommand.AddRows(job, List.of(30L, 10L)));
    console.bus.ask(new BulkCommand.FinishSelection(job));
    var actor = new Actor(Actor.Kind.CONSOLE, admin, "", "", "", Permission.PLAYERS_BAN, "");
    console.bus.ask(new BulkCommand.Start(job, actor, Map.of(), 2, 0));
    return job;
  }

  private static BulkJob find(ConsoleFixture console, long job) {
    return console.bus.ask(new BulkCommand.Find(job, null));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void stopsTheJobOfAnAdminWhoIsBanned(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    PlayerId admin = console.admin("ann", "admin");
    var credentials = new Credentials(store.clock(), new SeededIds(7));
    RowCommand ban =
        (_, by, _, _) -> {
          assertThat(store.database().<Boolean>write(tx -> credentials.ban(tx, by, "spam", null)))
              .isTrue();
          return new PlayerCommand.Find(console.owner);
        };
    deploy(console, actions(ban));
    long job = start(console, admin, "/admin/things", KNOWN);
    Eventually.holds(() -> find(console, job).state().isFinished());
    assertThat(find(console, job).state()).isEqualTo(State.STOPPED);
    assertThat(find(console, job).problem()).isEqualTo("account_banned");
    assertThat(find(console, job).counts().done()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void namesTheCommandOfARowByTheRow(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    Map<Long, String> keys = new ConcurrentHashMap<>();
    RowCommand keep =
        (row, _, _, key) -> {
          keys.put(row, key);
          return new PlayerCommand.Find(console.owner);
        };
    deploy(console, actions(keep));
    long job = start(console, console.owner, "/admin/things", KNOWN);
    Eventually.holds(() -> find(console, job).state() == State.DONE);
    assertThat(keys)
        .containsOnly(
            Map.entry(30L, "bulk-" + job + "-row-30"), Map.entry(10L, "bulk-" + job + "-row-10"));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesJobsThatItDoesNotKnowToOtherNodes(TestStore store, Vertx vertx) {
    var console = new ConsoleFixture(store, vertx, false);
    RowCommand read = (_, _, _, _) -> new PlayerCommand.Find(console.owner);
    deploy(console, actions(read));
    long earlier = 0;
    for (int i = 0; i < 10; i++) {
      earlier = start(console, console.owner, "/admin/list-" + i, "of.another-release");
    }
    long job = start(console, console.owner, "/admin/things", KNOWN);
    Eventually.holds(() -> find(console, job).state() == State.DONE);
    assertThat(find(console, earlier).state()).isEqualTo(State.RUNNING);
  }
}
