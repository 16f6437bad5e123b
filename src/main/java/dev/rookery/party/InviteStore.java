package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PartyInviteId;
import dev.rookery.base.PlayerId;
import dev.rookery.party.PartyInvite.State;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Invites as rows. Statements about several are for at most {@link Placeholders#MANY_MAX}. The
 * caller of those that write has locked the party, and the recipient unless the party ends.
 */
final class InviteStore {
  private static final String COLUMNS = "id, party_id, sender_id, recipient_id, state, created_ms";

  private static final String BY_PAIRS =
      """
      SELECT party_invite.id, party_id, sender_id, recipient_id, state, created_ms
      FROM %s JOIN party_invite ON sender_id = CAST(given.column1 AS BIGINT)
        AND recipient_id = CAST(given.column2 AS BIGINT)
      """;

  private static final String PENDING_TO =
      "SELECT "
          + COLUMNS
          + " FROM party_invite WHERE recipient_id IN (%s) AND state = 'pending' ORDER BY id";

  private static final String INSERT =
      """
      INSERT INTO party_invite
        (party_id, sender_id, recipient_id, state, created_ms, changed_ms)
      SELECT CAST(column1 AS BIGINT), CAST(column2 AS BIGINT), CAST(column3 AS BIGINT), 'pending',
        CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s WHERE column1 IS NOT NULL
      """;

  private static final String UPDATE =
      """
      UPDATE party_invite SET state = given.column2, changed_ms = CAST($1 AS BIGINT)
      FROM %s WHERE party_invite.id = CAST(given.column1 AS BIGINT)
      """;

  private static final String DELETE = "DELETE FROM party_invite WHERE id IN (%s)";

  private static final String DELETE_OF =
      "DELETE FROM party_invite WHERE party_id IN (%s) RETURNING " + COLUMNS;

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + ", "
          + Players.nameOf("party_invite.sender_id")
          + " AS sender_name, "
          + Players.nameOf("party_invite.recipient_id")
          + " AS recipient_name FROM party_invite ";

  private static final String LIST_TO =
      LIST + "WHERE recipient_id = $1 AND state = 'pending' ORDER BY id DESC LIMIT $2";

  private static final String LIST_BY =
      LIST + "WHERE sender_id = $1 AND state = 'pending' ORDER BY id DESC LIMIT $2";

  private final StatementTexts texts = new StatementTexts();

  /** Who invites whom. */
  record Pair(PlayerId sender, PlayerId recipient) {
    static Pair of(PartyInvite invite) {
      return new Pair(invite.sender(), invite.recipient());
    }
  }

  /** The invites of these pairs, in any state. */
  List<PartyInvite> byPairs(Transaction tx, Collection<Pair> pairs) {
    var given = new ValuesTable(2);
    pairs.forEach(pair -> given.add(pair.sender(), pair.recipient()));
    return given.run(tx, texts, BY_PAIRS).all(InviteStore::invite);
  }

  /** The pending invites to these players, oldest first. */
  List<PartyInvite> pendingTo(Transaction tx, Collection<PlayerId> recipients) {
    String text =
        texts.of(
            "pending", recipients.size(), size -> PENDING_TO.formatted(Placeholders.list(1, size)));
    return tx.run(text, Placeholders.values(0, recipients, PlayerId::value))
        .all(InviteStore::invite);
  }

  void insert(Transaction tx, Collection<PartyInvite> invites) {
    var given = new ValuesTable(3);
    invites.forEach(invite -> given.add(invite.party(), invite.sender(), invite.recipient()));
    given.run(tx, texts, INSERT, tx.now().toEpochMilli());
  }

  /** Saves the states of invites; those that are gone meanwhile are left out. */
  void update(Transaction tx, Collection<PartyInvite> changed) {
    var given = new ValuesTable(2);
    changed.forEach(one -> given.add(one.id(), text(one.state())));
    given.run(tx, texts, UPDATE, tx.now().toEpochMilli());
  }

  void delete(Transaction tx, Collection<PartyInviteId> ids) {
    String text =
        texts.of("delete", ids.size(), size -> DELETE.formatted(Placeholders.list(1, size)));
    tx.run(text, Placeholders.values(0, ids, PartyInviteId::value));
  }

  /** Deletes all invites of parties, and returns them as they were. */
  List<PartyInvite> deleteOf(Transaction tx, Collection<PartyId> parties) {
    String text =
        texts.of(
            "delete of", parties.size(), size -> DELETE_OF.formatted(Placeholders.list(1, size)));
    return tx.run(text, Placeholders.values(0, parties, PartyId::value)).all(InviteStore::invite);
  }

  /** The pending invites to a player with the names, newest first. */
  List<PartyInvite> listTo(Reader reader, PlayerId recipient, int max) {
    return reader.read(LIST_TO, recipient.value(), (long) max).all(InviteStore::named);
  }

  /** The pending invites by a player with the names, newest first. */
  List<PartyInvite> listBy(Reader reader, PlayerId sender, int max) {
    return reader.read(LIST_BY, sender.value(), (long) max).all(InviteStore::named);
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static PartyInvite invite(Row row) {
    return invite(row, "", "");
  }

  private static PartyInvite named(Row row) {
    return invite(row, row.text("sender_name"), row.text("recipient_name"));
  }

  private static PartyInvite invite(Row row, String senderName, String recipientName) {
    return new PartyInvite(
        new PartyInviteId(row.number("id")),
        new PartyId(row.number("party_id")),
        new PlayerId(row.number("sender_id")),
        senderName,
        new PlayerId(row.number("recipient_id")),
        recipientName,
        State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        row.number("created_ms"));
  }
}
