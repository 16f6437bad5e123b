package dev.rookery.matchmaking;

import dev.rookery.matchmaking.MatchmakingQuery.ListTickets;
import dev.rookery.matchmaking.MatchmakingQuery.ListedTicket;
import dev.rookery.matchmaking.MatchmakingQuery.Pool;
import dev.rookery.matchmaking.MatchmakingQuery.TicketFilter;
import dev.rookery.store.Conditions;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists the tickets that wait, for admins, by keyset. */
final class TicketListStore {
  private static final String POOLS =
      """
      SELECT ticket.mode, ticket.region, ticket.size, COUNT(DISTINCT ticket.id) AS tickets,
        COUNT(*) AS players, MIN(ticket.created_ms) AS oldest_ms
      FROM match_ticket AS ticket
      JOIN match_ticket_player AS member ON member.ticket_id = ticket.id
      WHERE ticket.expires_ms > $1
      GROUP BY ticket.mode, ticket.region, ticket.size
      ORDER BY tickets DESC, ticket.mode, ticket.region, ticket.size LIMIT $2
      """;

  private static final String TICKETS =
      """
      SELECT ticket.id, ticket.uuid, ticket.mode, ticket.region, ticket.size, ticket.created_ms,
        ticket.expires_ms, ticket.not_before_ms, ticket.party_id, node.name AS node,
        member.player_id, member.uuid AS player_uuid, member.name, member.mu, member.sigma
      FROM (SELECT * FROM match_ticket%s) AS ticket
      JOIN match_ticket_player AS member ON member.ticket_id = ticket.id
      LEFT JOIN node ON node.id = ticket.run AND node.alive = 1
      ORDER BY ticket.id, member.place
      """;

  List<Pool> pools(Reader reader, long nowMs) {
    return reader
        .read(POOLS, nowMs, (long) MatchmakingQuery.POOLS_MAX)
        .all(
            row ->
                new Pool(
                    criteria(row),
                    row.number("tickets"),
                    row.number("players"),
                    row.number("oldest_ms")));
  }

  List<ListedTicket> list(Reader reader, ListTickets list, long nowMs) {
    Conditions where = where(list.filter(), nowMs);
    Long from = list.from();
    if (from != null) {
      where.add("id " + (list.backwards() ? "<" : ">") + " ?", from);
    }
    String max = where.value((long) Math.clamp(list.max(), 1, MatchmakingQuery.PAGE_MAX + 1));
    String page =
        where.text() + " ORDER BY id" + (list.backwards() ? " DESC" : "") + " LIMIT " + max;
    return tickets(reader, page, where.values());
  }

  Optional<ListedTicket> find(Reader reader, String uuid) {
    return tickets(reader, " WHERE uuid = $1", uuid).stream().findFirst();
  }

  long count(Reader reader, TicketFilter filter, long max, long nowMs) {
    Conditions where = where(filter, nowMs);
    String limit = where.value(max);
    String sql =
        "SELECT COUNT(*) AS total FROM (SELECT 1 FROM match_ticket"
            + where.text()
            + " LIMIT "
            + limit
            + ") AS matching";
    return reader.read(sql, where.values()).row(0).number("total");
  }

  private static Conditions where(TicketFilter filter, long nowMs) {
    var where = new Conditions();
    where.add("expires_ms > ?", nowMs);
    if (filter.mode() != null) {
      where.add("mode = ?", filter.mode());
    }
    if (filter.region() != null) {
      where.add("region = ?", filter.region());
    }
    if (filter.size() != null) {
      where.add("size = ?", filter.size());
    }
    if (filter.player() != null) {
      where.add(
          "id IN (SELECT ticket_id FROM match_ticket_player WHERE player_id = ?)",
          filter.player().value());
    }
    return where;
  }

  private static Criteria criteria(Row row) {
    return new Criteria(row.text("mode"), row.text("region"), (int) row.number("size"));
  }

  private static List<ListedTicket> tickets(
      Reader reader, String page, @Nullable Object... values) {
    Map<Long, List<TicketPlayer>> players = new LinkedHashMap<>();
    Map<Long, ListedTicket> tickets = new LinkedHashMap<>();
    reader
        .read(TICKETS.formatted(page), values)
        .all(
            row -> {
              long id = row.number("id");
              players.computeIfAbsent(id, _ -> new ArrayList<>()).add(TicketStore.player(row));
              return tickets.computeIfAbsent(id, _ -> ticket(row));
            });
    return tickets.values().stream()
        .map(ticket -> with(ticket, players.getOrDefault(ticket.id(), List.of())))
        .toList();
  }

  private static ListedTicket ticket(Row row) {
    return new ListedTicket(
        row.number("id"),
        row.text("uuid"),
        criteria(row),
        List.of(),
        row.number("created_ms"),
        row.number("expires_ms"),
        row.number("not_before_ms"),
        row.numberOrNull("party_id"),
        row.textOrNull("node"));
  }

  private static ListedTicket with(ListedTicket ticket, List<TicketPlayer> players) {
    return new ListedTicket(
        ticket.id(),
        ticket.ticket(),
        ticket.criteria(),
        players,
        ticket.createdMs(),
        ticket.expiresMs(),
        ticket.notBeforeMs(),
        ticket.party(),
        ticket.node());
  }
}
