package dev.rookery.lobby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.PlayerSummary;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LobbyRulesTest {
  private static final LobbyId HERE = new LobbyId(5);
  private static final LobbyId ELSEWHERE = new LobbyId(6);

  private final LobbyRules rules = new LobbyRules(Limits.DEFAULTS);

  @Test
  void reportsEverythingWrongWithTheSettingsAtOnce() {
    var settings =
        new Settings("x".repeat(81), 129, null, null, "y".repeat(129), Map.of("a", "\0"), 3_601);

    assertThat(rules.errorsOpening(settings).asMap())
        .containsExactly(
            Map.entry("title", List.of("should be at most 80 character(s)")),
            Map.entry("max_users", List.of("must be less than or equal to 128")),
            Map.entry("password", List.of("should be at most 128 character(s)")),
            Map.entry("metadata", List.of("is invalid")),
            Map.entry("slowdown", List.of("must be less than or equal to 3600")));
  }

  @Test
  void takesABlankTitleAsDefaultWhenOpeningAndRejectsItWhenChanging() {
    var settings = new Settings("  ", null, null, null, null, null, null);

    assertThat(rules.errorsOpening(settings).isEmpty()).isTrue();
    assertThat(rules.errorsChanging(settings).asMap())
        .containsExactly(Map.entry("title", List.of("can't be blank")));
    assertThat(Lobby.create("lobby-7").with(settings).title()).isEqualTo("lobby-7");
  }

  @Test
  void keepsSettingsThatAreNotGiven() {
    Lobby lobby = lobby(false, 1, 4);

    Lobby changed = lobby.with(new Settings(null, null, true, null, null, null, null));

    assertThat(changed.hidden()).isTrue();
    assertThat(changed.with(new Settings(null, null, false, null, null, null, null)))
        .isEqualTo(lobby);
  }

  @Test
  void rejectsJoinWithTheFirstReasonInOrder() {
    Lobby lockedAndFull = lobby(true, 4, 4);

    refused("already_in_lobby", () -> LobbyRules.mayJoin(lockedAndFull, player(1, ELSEWHERE)));
    refused("locked", () -> LobbyRules.mayJoin(lockedAndFull, player(1, null)));
    refused("full", () -> LobbyRules.mayJoin(lobby(false, 4, 4), player(1, null)));
    assertThatCode(() -> LobbyRules.mayJoin(lobby(false, 3, 4), player(1, null)))
        .doesNotThrowAnyException();
  }

  @Test
  void letsOnlyTheHostDecideOrEveryMemberOfAHostlessLobby() {
    refused("not_in_lobby", () -> LobbyRules.mayDecide(lobby(false, 2, 4), player(7, ELSEWHERE)));
    refused("not_host", () -> LobbyRules.mayDecide(lobby(false, 2, 4), player(8, HERE)));
    assertThatCode(() -> LobbyRules.mayDecide(lobby(false, 2, 4), player(7, HERE)))
        .doesNotThrowAnyException();
    assertThatCode(() -> LobbyRules.mayDecide(hostless(), player(8, HERE)))
        .doesNotThrowAnyException();
    refused("not_in_lobby", () -> LobbyRules.mayDecide(hostless(), player(8, null)));
  }

  @Test
  void rejectsKickWithTheFirstReasonInOrder() {
    Lobby lobby = lobby(false, 2, 4);

    refused("not_host", () -> LobbyRules.mayKick(lobby, player(8, HERE), player(8, HERE)));
    refused("cannot_kick_self", () -> LobbyRules.mayKick(lobby, player(7, HERE), player(7, HERE)));
    refused(
        "target_not_in_lobby",
        () -> LobbyRules.mayKick(lobby, player(7, HERE), player(8, ELSEWHERE)));
  }

  @Test
  void rejectsFewerSeatsThanMembers() {
    var two = new Settings(null, 2, null, null, null, null, null);

    refused("too_small", () -> LobbyRules.mayResize(lobby(false, 3, 4), two));
    assertThatCode(() -> LobbyRules.mayResize(lobby(false, 2, 4), two)).doesNotThrowAnyException();
  }

  @Test
  void fitsAQuickJoinIfEveryWantedEntryIsFoundAsText() {
    Map<String, Object> metadata =
        Map.of("mode", "ranked", "rounds", 12, "open", true, "map", Map.of("name", "forest"));

    assertThat(LobbyRules.fits(metadata, Map.of())).isTrue();
    assertThat(LobbyRules.fits(metadata, Map.of("mode", "rank", "rounds", "1"))).isTrue();
    assertThat(LobbyRules.fits(metadata, Map.of("open", "true", "rounds", 12))).isTrue();
    assertThat(LobbyRules.fits(metadata, Map.of("map", "\"forest\""))).isTrue();
    assertThat(LobbyRules.fits(metadata, Map.of("mode", "Ranked"))).isFalse();
    assertThat(LobbyRules.fits(metadata, Map.of("season", 1))).isFalse();
    var unsaid = new java.util.HashMap<String, Object>();
    unsaid.put("season", null);
    assertThat(LobbyRules.fits(metadata, unsaid)).isTrue();
  }

  private static void refused(String code, ThrowingCallable act) {
    assertThatThrownBy(act).hasMessage(code);
  }

  private static Lobby lobby(boolean locked, int members, int seats) {
    return new Lobby(
        HERE,
        "Room",
        new PlayerId(7),
        "Ann",
        false,
        seats,
        false,
        locked,
        false,
        Map.of("map", "forest"),
        3,
        members,
        1);
  }

  private static Lobby hostless() {
    return new Lobby(HERE, "Room", null, "", true, 8, false, false, false, Map.of(), 0, 2, 1);
  }

  private static PlayerSummary player(long id, @Nullable LobbyId lobby) {
    return new PlayerSummary(new PlayerId(id), "u", "P" + id, lobby, null);
  }
}
