package dev.rookery.protocol.console;

import dev.rookery.base.IsoTime;
import dev.rookery.base.LobbyId;
import dev.rookery.console.ListInput;
import dev.rookery.console.Permission;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.MarkFilter;
import dev.rookery.player.PlayerMark;
import dev.rookery.player.Provider;
import dev.rookery.protocol.console.SearchQuery.Operator;
import dev.rookery.protocol.console.SearchQuery.Term;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a list of players shows: the accounts that match a search, and their order. */
record PlayerSearch(ListRequest list, AccountFilter filter) {
  private static final String IS = "is";
  private static final String CREATED = "created";
  private static final int DAY_LENGTH = "2026-01-31".length();

  static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.oneOf(
              IS,
              "online, banned, admin, test or sample",
              "online",
              "banned",
              "admin",
              "test",
              "sample"),
          SearchQuery.Key.oneOf("has", "email", "email"),
          SearchQuery.Key.oneOf(
              "provider",
              "a linked account: google, facebook, discord, apple, steam or openid",
              Arrays.stream(Provider.values()).map(PlayerListPages::name).toArray(String[]::new)),
          SearchQuery.Key.compared(
              CREATED, ">2026-01-31 or <2026-01-31T18:00, in UTC; a day alone is that day"),
          SearchQuery.Key.of("lobby", "the id of a lobby"));

  static PlayerSearch of(ListInput request) {
    ListRequest list = ListRequest.of(request, KEYS, true, List.of("name", "id"));
    SearchQuery search = list.search();
    String words = search.words();
    if (words != null && words.indexOf('@') > 0 && !request.may(Permission.PLAYERS_PERSONAL)) {
      search = search.withProblem("Finding by email address needs players.personal.");
    }
    Long lobby = search.number("lobby");
    if (search.value("lobby") != null && lobby == null) {
      search = search.withProblem("The value of “lobby” is a number.");
    }
    @Nullable Long from = null;
    @Nullable Long before = null;
    for (Term term : search.terms()) {
      if (term.key().equals(CREATED) && search.isValid()) {
        @Nullable Long at = time(term.value());
        if (at == null) {
          search =
              search.withProblem(
                  "“"
                      + term.source()
                      + "”: write a day as 2026-01-31, or a time as"
                      + " 2026-01-31T18:00.");
        } else {
          from = term.operator() == Operator.BELOW ? from : at;
          before =
              switch (term.operator()) {
                case IS -> Long.valueOf(at + 86_400_000L);
                case ABOVE -> before;
                case BELOW -> at;
              };
        }
      }
    }
    if (Boolean.TRUE.equals(search.flag(IS, PlayerMark.TEST.text()))
        && Boolean.TRUE.equals(search.flag(IS, PlayerMark.SAMPLE.text()))) {
      search = search.withProblem("A player is a test player or a sample player, never both.");
    }
    String provider = search.value("provider");
    var filter =
        new AccountFilter(
            words,
            search.flag(IS, "online"),
            search.flag(IS, "banned"),
            search.flag(IS, "admin"),
            search.flag("has", "email"),
            provider == null || !search.isValid()
                ? null
                : Provider.valueOf(provider.toUpperCase(Locale.ROOT)),
            lobby == null ? null : new LobbyId(lobby),
            mark(search),
            from,
            before);
    return new PlayerSearch(
        new ListRequest(
            list.path(),
            search,
            list.sort(),
            list.size(),
            list.after(),
            list.before(),
            list.number(),
            list.exact()),
        filter);
  }

  /** A player has one mark at most, so that what is looked for decides before what is not. */
  private static @Nullable MarkFilter mark(SearchQuery search) {
    @Nullable MarkFilter found = null;
    for (PlayerMark mark : PlayerMark.values()) {
      Boolean wanted = search.flag(IS, mark.text());
      if (wanted != null && (wanted || found == null)) {
        found = new MarkFilter(mark, !wanted);
      } else if (found != null && found.excluded() && Boolean.FALSE.equals(wanted)) {
        found = MarkFilter.NONE;
      }
    }
    return found;
  }

  /** The time of a day or a time in UTC; null if the text is none. */
  static @Nullable Long time(String text) {
    Instant time = IsoTime.parseUtc(text.length() <= DAY_LENGTH ? text + "T00:00" : text);
    return time == null ? null : time.toEpochMilli();
  }

  /** By name if a name is looked for, so that the index gives both. */
  AccountOrder order() {
    return switch (list.sort()) {
      case "name" -> AccountOrder.NAME;
      case "-name" -> AccountOrder.NAME_DESCENDING;
      case "id" -> AccountOrder.OLDEST;
      case "-id" -> AccountOrder.NEWEST;
      default -> filter.text() == null ? AccountOrder.NEWEST : AccountOrder.NAME;
    };
  }
}
