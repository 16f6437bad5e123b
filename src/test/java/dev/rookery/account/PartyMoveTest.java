package dev.rookery.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.friend.FriendCommand;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.party.PartyCommand;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A party moves as one, on every wire, or not at all. */
final class PartyMoveTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Settings DEFAULTS = new Settings(null, null, null, null, null, null, null);

  private AccountNode node;
  private PlayerId ann;
  private PlayerId bob;

  @AfterEach
  void close() {
    node.close();
  }

  private void open(TestStore store) {
    node = new AccountNode(store);
    ann = node.signIn("ann").player();
    bob = node.signIn("bob").player();
    node.ask(new FriendCommand.Request(ann, bob, null));
    node.ask(new FriendCommand.Request(bob, ann, null));
    PartyId party = node.ask(new PartyCommand.Create(ann, null, null, null)).party().id();
    node.ask(new PartyCommand.Invite(ann, bob));
    node.ask(new PartyCommand.Accept(bob, party, null));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void staysWhereItIsWhenAMemberWasNotSeenForFiveMinutes(TestStore store) {
    open(store);
    store.clock().advance(Duration.ofMinutes(6));
    store.database().write(tx -> tx.run("UPDATE player SET online = 1 WHERE id = $1", ann.value()));
    var offline = new Refusal.Conflict("members_offline");
    LobbyId lobby = node.openLobby(node.signIn("eve").player());

    assertThat(node.bus().refusal(new LobbyCommand.Open(ann, DEFAULTS, null))).isEqualTo(offline);
    assertThat(node.bus().refusal(new LobbyCommand.OpenWithParty(ann, DEFAULTS, null)))
        .isEqualTo(offline);
    assertThat(node.bus().refusal(new LobbyCommand.Join(lobby, ann, null))).isEqualTo(offline);
    assertThat(node.bus().refusal(new LobbyCommand.QuickJoin(ann, null, null, Map.of(), null)))
        .isEqualTo(offline);
    assertThat(inLobbies(store)).doesNotContain(ann, bob);

    store.database().write(tx -> tx.run("UPDATE player SET online = 1 WHERE id = $1", bob.value()));
    assertThat(node.ask(new LobbyCommand.Join(lobby, ann, null)).lobby().members()).isEqualTo(3);
    assertThat(inLobbies(store)).contains(ann, bob);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void comesIntoALobbyWithTeamsAsWell(TestStore store) {
    open(store);
    var inParty = new Refusal.Denied("in_party");
    assertThat(node.bus().refusal(new LobbyCommand.OpenTeams(bob, false))).isEqualTo(inParty);
    Lobby opened = node.ask(new LobbyCommand.OpenTeams(ann, false));
    assertThat(opened.members()).isEqualTo(2);
    assertThat(opened.roster().teamA()).hasSize(1);
    assertThat(opened.roster().teamB()).hasSize(1);
    assertThat(inLobbies(store)).contains(ann, bob);
    assertThat(node.ask(new LobbyCommand.JoinTeam(opened.id(), bob, null, null, null)).alreadyIn())
        .as("a member who comes back")
        .isTrue();

    node.ask(new LobbyCommand.Leave(ann));
    node.ask(new LobbyCommand.Leave(bob));
    LobbyId other = node.ask(new LobbyCommand.OpenTeams(node.signIn("eve").player(), false)).id();
    assertThat(node.bus().refusal(new LobbyCommand.JoinTeam(other, bob, null, null, null)))
        .isEqualTo(inParty);
    assertThat(node.ask(new LobbyCommand.JoinTeam(other, ann, null, null, null)).lobby().members())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesNoMemberBehindWhenTheLeadersAccountIsDeleted(TestStore store) {
    open(store);
    node.ask(new LobbyCommand.OpenWithParty(ann, DEFAULTS, null));
    node.ask(new AccountCommand.Delete(ann));
    assertThat(inLobbies(store)).containsExactly(bob);
    assertThat(node.bus().refusal(new PartyCommand.Show(bob)))
        .isEqualTo(new Refusal.Missing("not_in_party"));
    assertThat(node.ask(new PartyCommand.Create(bob, null, null, null)).members()).hasSize(1);
  }

  private static Set<PlayerId> inLobbies(TestStore store) {
    List<PlayerId> found =
        store
            .database()
            .read("SELECT id FROM player WHERE lobby_id IS NOT NULL")
            .all(row -> new PlayerId(row.number("id")));
    return found.stream().collect(Collectors.toSet());
  }
}
