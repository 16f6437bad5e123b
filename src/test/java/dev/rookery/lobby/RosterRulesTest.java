package dev.rookery.lobby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.lobby.Roster.Entrant;
import dev.rookery.lobby.Roster.Team;
import dev.rookery.player.PlayerSummary;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RosterRulesTest {
  private static PlayerSummary player(long id, String name) {
    return new PlayerSummary(new PlayerId(id), "uuid-" + id, name, null, null);
  }

  private static Roster of(PlayerSummary... players) {
    return RosterRules.of(List.of(players));
  }

  private static List<String> names(List<Entrant> team) {
    return team.stream().map(Entrant::name).toList();
  }

  private static final PlayerSummary ANN = player(1, "Ann");
  private static final PlayerSummary BOB = player(2, "Bob");
  private static final PlayerSummary CID = player(3, "Cid");

  @Test
  void addsAPlayerToTheSmallerTeamAndToTheFirstOnATie() {
    Roster roster = of(ANN, BOB, CID);

    assertThat(names(roster.teamA())).containsExactly("Ann", "Cid");
    assertThat(names(roster.teamB())).containsExactly("Bob");
    assertThat(roster.all()).noneMatch(Entrant::ready);
  }

  @Test
  void addsAPlayerToTheTeamAskedFor() {
    Roster roster = RosterRules.with(of(ANN), BOB, Team.A);

    assertThat(names(roster.teamA())).containsExactly("Ann", "Bob");
    assertThat(roster.teamB()).isEmpty();
  }

  @Test
  void ignoresAPlayerWhoIsInATeam() {
    Roster roster = RosterRules.ready(of(ANN, BOB), BOB.id(), true);

    assertThat(RosterRules.with(roster, BOB, Team.A)).isEqualTo(roster);
  }

  @Test
  void showsAPlayerWithoutANameByNumber() {
    assertThat(names(of(player(7, " ")).teamA())).containsExactly("Player 7");
  }

  @Test
  void fillsBothTeamsUpToTwoWithBotsCountedAcrossThem() {
    Roster roster = RosterRules.withBots(of(ANN), List.of("x", "y", "z"));

    assertThat(RosterRules.botsMissing(of(ANN))).isEqualTo(3);
    assertThat(names(roster.teamA())).containsExactly("Ann", "Bot 1");
    assertThat(names(roster.teamB())).containsExactly("Bot 2", "Bot 3");
    assertThat(roster.teamB())
        .allMatch(bot -> bot.ready() && bot.player() == null && bot.uuid().startsWith("bot-"));
    assertThat(RosterRules.botsMissing(roster)).isZero();
  }

  @Test
  void addsNoBotsToAFullTeam() {
    Roster full = RosterRules.with(RosterRules.with(of(ANN), BOB, Team.A), CID, Team.A);

    assertThat(RosterRules.botsMissing(full)).isEqualTo(2);
    assertThat(names(RosterRules.withBots(full, List.of("x", "y")).teamB()))
        .containsExactly("Bot 1", "Bot 2");
  }

  @Test
  void makesTheFirstPlayerOfTheFirstTeamTheNextHost() {
    Roster roster = RosterRules.withBots(of(ANN, BOB, CID), List.of("x"));

    assertThat(RosterRules.successor(RosterRules.without(roster, ANN.id()))).contains(CID.id());
    Roster second = RosterRules.without(RosterRules.without(roster, ANN.id()), CID.id());
    assertThat(RosterRules.successor(second)).contains(BOB.id());
    assertThat(RosterRules.successor(RosterRules.without(second, BOB.id()))).isEmpty();
  }

  @Test
  void startsAMatchOnlyWhenEverybodyIsReady() {
    Roster half = RosterRules.ready(of(ANN, BOB), ANN.id(), true);

    assertThatThrownBy(() -> RosterRules.mayStart(null)).hasMessage("not_ready");
    assertThatThrownBy(() -> RosterRules.mayStart(half)).hasMessage("not_ready");
    assertThatCode(() -> RosterRules.mayStart(RosterRules.ready(half, BOB.id(), true)))
        .doesNotThrowAnyException();
    Roster again = RosterRules.ready(half, ANN.id(), false);
    assertThatThrownBy(() -> RosterRules.mayStart(again)).hasMessage("not_ready");
  }

  @Test
  void storesTeamsAsTheyAre() {
    Roster roster = RosterRules.withBots(RosterRules.ready(of(ANN), ANN.id(), true), List.of("x"));

    assertThat(Roster.fromJson(roster.toJson())).isEqualTo(roster);
    assertThat(Roster.fromJson(Roster.EMPTY.toJson())).isEqualTo(Roster.EMPTY);
  }
}
