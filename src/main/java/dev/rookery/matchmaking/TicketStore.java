package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;
import dev.rookery.cluster.NodeLiveness;
import dev.rookery.party.Party;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tickets as rows. Skills are stored as integers, in thousandths. */
final class TicketStore {
  private static final double THOUSANDTHS = 1_000;

  private static final String ADD =
      """
      INSERT INTO match_ticket (uuid, mode, region, size, run, created_ms, expires_ms, not_before_ms,
        party_id, party_revision)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9) RETURNING id
      """;

  private static final String ADD_PLAYER =
      """
      INSERT INTO match_ticket_player (player_id, ticket_id, place, uuid, name, mu, sigma)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING RETURNING player_id
      """;

  private static final String COLUMNS =
      """
      SELECT ticket.id, ticket.uuid, ticket.mode, ticket.region, ticket.size, ticket.created_ms,
        ticket.not_before_ms, member.player_id, member.uuid AS player_uuid, member.name, member.mu, member.sigma
      FROM match_ticket AS ticket JOIN match_ticket_player AS member ON member.ticket_id = ticket.id
      """;

  private static final String WAITING =
      COLUMNS
          + """
          WHERE ticket.id IN (SELECT id FROM match_ticket WHERE expires_ms > $1 ORDER BY id LIMIT $2)
          ORDER BY ticket.id, member.place
          """;

  private static final String FIND_BY_PLAYER =
      COLUMNS
          + """
          WHERE ticket.id = (SELECT ticket_id FROM match_ticket_player WHERE player_id = $1)
          ORDER BY member.place
          """;

  private static final String FIND = COLUMNS + "WHERE ticket.uuid = $1 ORDER BY member.place";

  private static final String PARTY_CHANGED =
      """
      match_ticket.party_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM party WHERE party.id = match_ticket.party_id
          AND party.revision = match_ticket.party_revision AND party.closed_ms IS NULL)
      """;

  private static final String STALE =
      COLUMNS
          + """
          WHERE ticket.id IN (
            SELECT id FROM match_ticket WHERE expires_ms <= $1
            UNION SELECT id FROM match_ticket WHERE %s
            ORDER BY id LIMIT $2)
          ORDER BY ticket.id, member.place
          """
              .formatted(PARTY_CHANGED);

  private static final String CANCEL = "DELETE FROM match_ticket WHERE uuid = $1 RETURNING id";

  private static final String REMOVE_BY_PLAYER =
      """
      DELETE FROM match_ticket
      WHERE id IN (SELECT ticket_id FROM match_ticket_player WHERE player_id = $1)
      RETURNING id
      """;

  private static final String REMOVE = "DELETE FROM match_ticket WHERE id IN (%s) RETURNING id";

  private static final String REMOVE_MATCHED =
      "DELETE FROM match_ticket WHERE id IN (%s) AND NOT (" + PARTY_CHANGED + ") RETURNING id";

  private static final String POSTPONE =
      "UPDATE match_ticket SET not_before_ms = $1 WHERE id IN (%s)";

  private static final String REMOVE_ABANDONED =
      """
      DELETE FROM match_ticket WHERE id IN (
        SELECT id FROM match_ticket WHERE NOT %s ORDER BY id LIMIT $1)
      """
          .formatted(NodeLiveness.isAliveCondition("match_ticket.run"));

  private static final String ANY_ABANDONED =
      "SELECT id FROM match_ticket WHERE NOT %s LIMIT 1"
          .formatted(NodeLiveness.isAliveCondition("match_ticket.run"));

  /**
   * Inserts a ticket. Returns false if one of the players already has one; the caller must roll
   * back the transaction then.
   *
   * @param searching the party that the players are, with which the ticket ends; null for none
   */
  boolean add(
      Transaction tx,
      String uuid,
      List<TicketPlayer> party,
      Criteria criteria,
      @Nullable Party searching,
      long run,
      Duration lifetime) {
    long now = tx.now().toEpochMilli();
    long ticket =
        tx.run(
                ADD,
                uuid,
                criteria.mode(),
                criteria.region(),
                criteria.size(),
                run,
                now,
                now + lifetime.toMillis(),
                searching == null ? null : searching.id().value(),
                searching == null ? null : searching.revision())
            .row(0)
            .number("id");
    int place = 0;
    for (TicketPlayer player : party) {
      boolean added =
          !tx.run(
                  ADD_PLAYER,
                  player.player().value(),
                  ticket,
                  place++,
                  player.uuid(),
                  player.name(),
                  Math.round(player.mu() * THOUSANDTHS),
                  Math.round(player.sigma() * THOUSANDTHS))
              .isEmpty();
      if (!added) {
        return false;
      }
    }
    return true;
  }

  List<Ticket> waiting(Reader reader, long nowMs, int max) {
    return tickets(reader.read(WAITING, nowMs, max).all(TicketStore::ticketRow));
  }

  /** Those that have expired, or whose party has changed since they were added. */
  List<Ticket> stale(Reader reader, long nowMs, int max) {
    return tickets(reader.read(STALE, nowMs, max).all(TicketStore::ticketRow));
  }

  Optional<Ticket> findByPlayer(Reader reader, PlayerId player) {
    return tickets(reader.read(FIND_BY_PLAYER, player.value()).all(TicketStore::ticketRow)).stream()
        .findFirst();
  }

  Optional<Ticket> find(Reader reader, String uuid) {
    return tickets(reader.read(FIND, uuid).all(TicketStore::ticketRow)).stream().findFirst();
  }

  boolean removeByPlayer(Transaction tx, PlayerId player) {
    return !tx.run(REMOVE_BY_PLAYER, player.value()).isEmpty();
  }

  boolean cancel(Transaction tx, String uuid) {
    return !tx.run(CANCEL, uuid).isEmpty();
  }

  /**
   * Removes at most {@link Placeholders#MANY_MAX} tickets. Returns whether all of them existed; if
   * not, the caller must roll back.
   */
  boolean remove(Transaction tx, List<Ticket> tickets) {
    return remove(tx, REMOVE, tickets);
  }

  /** As {@link #remove}, unless the party of a ticket has changed since it was added. */
  boolean removeMatched(Transaction tx, List<Ticket> tickets) {
    return remove(tx, REMOVE_MATCHED, tickets);
  }

  private static boolean remove(Transaction tx, String statement, List<Ticket> tickets) {
    int room = Placeholders.room(tickets.size());
    var values = new @Nullable Object[room];
    fill(values, 0, tickets);
    return tx.run(statement.formatted(Placeholders.list(1, room)), values).size() == tickets.size();
  }

  void postpone(Transaction tx, List<Ticket> tickets, long untilMs) {
    int room = Placeholders.room(tickets.size());
    var values = new @Nullable Object[1 + room];
    values[0] = untilMs;
    fill(values, 1, tickets);
    tx.run(POSTPONE.formatted(Placeholders.list(2, room)), values);
  }

  /** Removes tickets created on nodes that are gone: the sockets of their players are gone too. */
  void removeAbandoned(Transaction tx, int max) {
    tx.run(REMOVE_ABANDONED, max);
  }

  boolean anyAbandoned(Reader reader) {
    return !reader.read(ANY_ABANDONED).isEmpty();
  }

  private static void fill(@Nullable Object[] values, int from, List<Ticket> tickets) {
    Iterator<Ticket> next = tickets.iterator();
    for (int i = from; i < values.length; i++) {
      values[i] = next.hasNext() ? next.next().id() : null;
    }
  }

  private record TicketRow(
      long id,
      String uuid,
      Criteria criteria,
      TicketPlayer player,
      long createdMs,
      long notBeforeMs) {}

  private static TicketRow ticketRow(Row row) {
    return new TicketRow(
        row.number("id"),
        row.text("uuid"),
        new Criteria(row.text("mode"), row.text("region"), (int) row.number("size")),
        player(row),
        row.number("created_ms"),
        row.number("not_before_ms"));
  }

  static TicketPlayer player(Row row) {
    return new TicketPlayer(
        new PlayerId(row.number("player_id")),
        row.text("player_uuid"),
        row.text("name"),
        row.number("mu") / THOUSANDTHS,
        row.number("sigma") / THOUSANDTHS);
  }

  private static List<Ticket> tickets(List<TicketRow> rows) {
    Map<Long, List<TicketRow>> byTicket = new LinkedHashMap<>();
    rows.forEach(row -> byTicket.computeIfAbsent(row.id, _ -> new ArrayList<>()).add(row));
    return byTicket.values().stream()
        .map(
            all -> {
              TicketRow first = all.getFirst();
              return new Ticket(
                  first.id,
                  first.uuid,
                  first.criteria,
                  all.stream().map(TicketRow::player).toList(),
                  first.createdMs,
                  first.notBeforeMs);
            })
        .toList();
  }
}
