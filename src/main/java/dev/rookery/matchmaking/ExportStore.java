package dev.rookery.matchmaking;

import dev.rookery.player.Export;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;

/** Reads a player's ticket for the export of their data. */
final class ExportStore {
  private static final double THOUSANDTHS = 1_000;

  private static final String TICKETS =
      """
      SELECT ticket.uuid, ticket.mode, ticket.region, ticket.size, ticket.created_ms,
        ticket.expires_ms, member.name, member.mu, member.sigma
      FROM match_ticket_player AS member JOIN match_ticket AS ticket ON ticket.id = member.ticket_id
      WHERE member.player_id = $1
      """;

  Export.Part tickets(Reader reader, Export export) {
    return Export.Part.whole(
        reader
            .read(TICKETS, export.player().value())
            .all(
                row ->
                    new JsonObject()
                        .put("id", row.text("uuid"))
                        .put("mode", row.text("mode"))
                        .put("region", row.text("region"))
                        .put("size", row.number("size"))
                        .put("name", row.text("name"))
                        .put("mu", row.number("mu") / THOUSANDTHS)
                        .put("sigma", row.number("sigma") / THOUSANDTHS)
                        .put("created_at", Export.time(row.number("created_ms")))
                        .put("expires_at", Export.time(row.number("expires_ms")))));
  }
}
