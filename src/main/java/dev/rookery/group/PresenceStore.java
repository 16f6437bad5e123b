package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementTexts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The groups of which players are members. */
final class PresenceStore {
  private static final String GROUPS =
      "SELECT player_id, group_id FROM group_membership WHERE player_id IN (%s) AND role <= 2";

  private final StatementTexts texts = new StatementTexts();

  /** Of at most {@link Placeholders#MANY_MAX} players; those in no group are left out. */
  Map<PlayerId, List<GroupId>> groups(Reader reader, Collection<PlayerId> players) {
    String text =
        texts.of("groups", players.size(), size -> GROUPS.formatted(Placeholders.list(1, size)));
    return reader
        .read(text, Placeholders.values(0, players, PlayerId::value))
        .all(row -> row)
        .stream()
        .collect(
            Collectors.groupingBy(
                row -> new PlayerId(row.number("player_id")),
                Collectors.mapping(
                    row -> new GroupId(row.number("group_id")), Collectors.toList())));
  }
}
