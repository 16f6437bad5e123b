package dev.rookery.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.bus.Done;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.RoleTemplate;
import dev.rookery.friend.FriendCommand;
import dev.rookery.group.GroupCommand;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.party.PartyCommand;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Players;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A deleted account can no longer be used or seen. */
final class AccountTest {
  private AccountNode opened;

  private AccountNode open(TestStore store) {
    opened = new AccountNode(store);
    return opened;
  }

  @AfterEach
  void close() {
    opened.close();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletionRemovesPlayerFromEveryDomain(TestStore store) {
    var node = open(store);
    var ann = node.signIn("ann");
    var bob = node.signIn("bob");
    LobbyId lobby = node.openLobby(ann.player());
    node.ask(new LobbyCommand.Join(lobby, bob.player(), null));
    node.sendNotification(ann.player(), bob.player());
    node.sendNotification(bob.player(), ann.player());
    Promise<Done> ended = Promise.promise();
    node.sessions()
        .onEnd(
            node.tokens().readAccess(ann.accessToken()).session(), () -> ended.complete(Done.DONE));

    node.ask(new AccountCommand.Delete(ann.player()));

    TestBus.await(ended.future());
    assertThat(node.bus().refusal(new PlayerCommand.Find(ann.player())))
        .isEqualTo(new Missing("not_found"));
    assertThat(TestBus.refusal(node.sessions().authenticate(ann.accessToken())))
        .isEqualTo(new Missing("player_not_found"));
    assertThat(node.bus().refusal(new AuthCommand.Refresh(ann.refreshToken(), AccountNode.CLIENT)))
        .isEqualTo(new Missing("player_not_found"));
    assertThat(new Players(store.clock()).findInLobby(store.database(), lobby))
        .extracting(player -> player.id())
        .containsExactly(bob.player());
    assertThat(node.ask(new NotificationCommand.ListStored(bob.player())).notifications())
        .isEmpty();
    assertThat(TestBus.await(node.sessions().authenticate(bob.accessToken())).player())
        .isEqualTo(bob.player());
    assertThat(node.signIn("ann").player()).isNotEqualTo(ann.player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletionRetractsRequestsAndInvites(TestStore store) {
    var node = open(store);
    PlayerId ann = node.signIn("ann").player();
    PlayerId bob = node.signIn("bob").player();
    PlayerId cid = node.signIn("cid").player();
    node.ask(new FriendCommand.Request(ann, bob, null));
    node.ask(new FriendCommand.Request(bob, ann, null));
    node.ask(new FriendCommand.Request(ann, cid, null));
    node.ask(new PartyCommand.Create(ann, null, null, null));
    node.ask(new PartyCommand.Invite(ann, bob));
    var settings = new GroupCommand.Settings("Blue", "", null, null, null, null);
    var group = node.ask(new GroupCommand.Create(ann, settings, null));
    node.ask(new GroupCommand.Invite(ann, group.id(), bob));
    assertThat(types(node, bob)).contains("party_invite", "group_invite");
    assertThat(types(node, cid)).containsExactly("friend_request");

    node.ask(new AccountCommand.Delete(ann));

    assertThat(types(node, bob)).isEmpty();
    assertThat(types(node, cid)).isEmpty();
  }

  private static List<String> types(AccountNode node, PlayerId recipient) {
    return node.ask(new NotificationCommand.ListStored(recipient)).notifications().stream()
        .map(Notification::kind)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletionCanBeRepeatedAfterEachStep(TestStore store) {
    var node = open(store);
    var signedOut = node.signIn("one").player();
    node.ask(new AuthCommand.SignOutAll(signedOut, null));
    var removed = node.signIn("two").player();
    node.ask(new PlayerCommand.Remove(removed));

    for (PlayerId player : new PlayerId[] {signedOut, removed, signedOut, new PlayerId(99)}) {
      node.ask(new AccountCommand.Delete(player));
      assertThat(node.bus().refusal(new PlayerCommand.Find(player)))
          .isEqualTo(new Missing("not_found"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletionConcurrentWithJoinLeavesNoMembership(TestStore store) {
    var node = open(store);
    var host = node.signIn("host");
    LobbyId lobby = node.openLobby(host.player());
    for (int round = 0; round < 10; round++) {
      var player = node.signIn("player").player();
      var all = new ArrayList<Future<?>>();
      all.add(node.bus().bus().ask(new LobbyCommand.Join(lobby, player, null)));
      all.add(node.bus().bus().ask(new AccountCommand.Delete(player)));
      all.add(node.bus().bus().ask(new LobbyCommand.Leave(player)));
      all.add(node.bus().bus().ask(new LobbyCommand.Join(lobby, player, null)));
      all.add(node.bus().bus().ask(new AuthCommand.SignInByDevice("player", AccountNode.CLIENT)));
      TestBus.await(Future.join(all).otherwiseEmpty());
      node.ask(new AccountCommand.Delete(player));

      assertThat(node.bus().refusal(new PlayerCommand.Find(player)))
          .isEqualTo(new Missing("not_found"));
      assertThat(new Players(store.clock()).findInLobby(store.database(), lobby)).hasSize(1);
      assertThat(members(store, lobby)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void opensNoConsoleSessionThatOutlivesItsSignIn(TestStore store) {
    var node = open(store);
    var bus = node.bus().bus();
    PlayerId owner = node.signIn("owner").player();
    node.ask(new PlayerCommand.SetRole(null, owner, RoleTemplate.OWNER.name()));
    for (int round = 0; round < 10; round++) {
      var signIn = node.tokens().readAccess(node.signIn("owner").accessToken()).session();
      var opening =
          new ConsoleCommand.OpenSession(
              owner, signIn, "", new ConsoleCommand.Browser("127.0.0.1", "Test/1", ""));
      var opened = bus.ask(opening);
      var ended = bus.ask(new AuthCommand.SignOutAll(owner, null));
      TestBus.await(Future.join(opened, ended).otherwiseEmpty());

      assertThat(ended.succeeded()).isTrue();
      assertThat(node.ask(new ConsoleCommand.ListSessions(owner))).isEmpty();
      assertThat(node.bus().refusal(opening).code()).isEqualTo("sign_in_ended");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void keepsOneOfTwoOwnersWhoDeleteThemselvesAtOnce(TestStore store) {
    var node = open(store);
    var bus = node.bus().bus();
    var owners = List.of(node.signIn("ann"), node.signIn("bob"));
    for (TokenPair owner : owners) {
      node.ask(new PlayerCommand.SetRole(null, owner.player(), RoleTemplate.OWNER.name()));
    }
    var asked =
        owners.stream().map(owner -> bus.ask(new AccountCommand.Delete(owner.player()))).toList();
    TestBus.await(Future.join(asked).otherwiseEmpty());

    int kept = asked.getFirst().failed() ? 0 : 1;
    assertThat(asked.get(1 - kept).succeeded()).isTrue();
    assertThat(TestBus.refusal(asked.get(kept)).code()).isEqualTo("last_owner");
    // Nothing of theirs is gone, not even the session.
    TokenPair owner = owners.get(kept);
    assertThat(TestBus.await(node.sessions().authenticate(owner.accessToken())).role())
        .isEqualTo(RoleTemplate.OWNER);
    assertThat(node.ask(new ConsoleCommand.ListGrants()))
        .extracting(grant -> grant.player() + " " + grant.role())
        .containsExactly(owner.player() + " owner");
  }

  private static long members(TestStore store, LobbyId lobby) {
    return store
        .database()
        .read("SELECT members FROM lobby WHERE id = $1", lobby.value())
        .row(0)
        .number("members");
  }
}
