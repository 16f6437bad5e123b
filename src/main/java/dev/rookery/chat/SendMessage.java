package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages, the most frequent writes of all. Those that wait at the same time share a
 * transaction: one statement locks the conversations, one inserts the messages of the senders who
 * are in them. Only a conversation with a slowdown, a message with invalid content, an idempotency
 * key or a sender from outside needs another look, which is shared too.
 *
 * <p>A batch has at most one message of each sender, since messages of one sender are sent in their
 * order.
 */
final class SendMessage {
  private static final Refused BUSY = new Refused(new Refusal.Unavailable("busy"));

  private final ConversationAccess access;
  private final ChatRules rules;
  private final ChatStore store;
  private final Batcher<Draft, ChatMessage> batcher;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   */
  SendMessage(
      Context context,
      Database database,
      ConversationAccess access,
      ChatRules rules,
      ChatStore store) {
    this.access = access;
    this.rules = rules;
    this.store = store;
    this.batcher =
        new Batcher<>(
            context,
            database,
            "chat",
            draft -> draft.send.sender(),
            BUSY.refusal(),
            (drafts, _) -> database.write(tx -> new Batch(tx, drafts).carryOut()));
  }

  ChatMessage send(Send send) {
    var command = IdempotentCommand.of(send.sender(), send.idempotencyKey(), "chat.send");
    var errors = rules.errorsSending(send.content(), send.metadata());
    return batcher.ask(new Draft(send, errors, command));
  }

  /** A message to be sent. */
  private record Draft(Send send, FieldErrors errors, @Nullable IdempotentCommand command) {}

  /** One transaction. */
  private final class Batch {
    private final Transaction tx;
    private final BatchOutcomes<Draft, ChatMessage> outcomes;
    private Map<Conversation, Integer> slowdowns = Map.of();

    Batch(Transaction tx, List<Draft> drafts) {
      this.tx = tx;
      this.outcomes = new BatchOutcomes<>(drafts, Draft::command, BUSY);
    }

    List<Outcome<ChatMessage>> carryOut() {
      outcomes.answerRepeated(
          tx, (answers, draft) -> answers.find(draft.command, ChatMessage.class));
      List<Draft> fresh = outcomes.open();
      if (!fresh.isEmpty()) {
        slowdowns =
            access.lockWithSlowdowns(
                tx, fresh.stream().map(one -> one.send.conversation()).collect(Collectors.toSet()));
        outcomes.attempt(fresh, this::mustBeOpen);
        check();
        insert();
      }
      return outcomes.all();
    }

    private void mustBeOpen(Draft draft) {
      if (!slowdowns.containsKey(draft.send.conversation())) {
        throw ConversationAccess.notMember(draft.send.conversation());
      }
    }

    /** What the insert does not check by itself. */
    private void check() {
      List<Draft> doubtful =
          outcomes.open().stream().filter(one -> isSlow(one) || !one.errors.isEmpty()).toList();
      requireMembers(doubtful);
      List<Send> slow = outcomes.open().stream().filter(this::isSlow).map(Draft::send).toList();
      Map<PlayerId, Instant> last = slow.isEmpty() ? Map.of() : store.lastSent(tx, slow);
      outcomes.attempt(
          doubtful.stream().filter(outcomes::isOpen).toList(),
          draft -> {
            int seconds = Objects.requireNonNull(slowdowns.get(draft.send.conversation()));
            ChatRules.mustHavePaused(last.get(draft.send.sender()), seconds, tx.now());
            draft.errors.refuse();
          });
      List<Send> paced = outcomes.open().stream().filter(this::isSlow).map(Draft::send).toList();
      if (!paced.isEmpty()) {
        store.pace(tx, paced);
      }
    }

    private void insert() {
      List<Draft> valid = outcomes.open();
      if (valid.isEmpty()) {
        return;
      }
      Map<PlayerId, Draft> bySender = new HashMap<>();
      valid.forEach(draft -> bySender.put(draft.send.sender(), draft));
      for (ChatMessage message : store.insert(tx, valid.stream().map(Draft::send).toList())) {
        tx.append(ConversationAccess.stream(message.conversation()), new ChatEvent.Sent(message));
        outcomes.done(Objects.requireNonNull(bySender.get(message.sender())), message);
      }
      outcomes.remember(tx, valid, (_, message) -> message);
      requireMembers(outcomes.open());
      // The conversation is locked, so a sender who is in it now was in it before.
      outcomes.open().forEach(outcomes::retry);
    }

    private void requireMembers(List<Draft> drafts) {
      if (drafts.isEmpty()) {
        return;
      }
      Map<PlayerId, PlayerSummary> senders =
          access.players(
              tx, drafts.stream().map(one -> one.send.sender()).collect(Collectors.toSet()));
      outcomes.attempt(
          drafts,
          draft ->
              ConversationAccess.requireMember(
                  senders.get(draft.send.sender()), draft.send.conversation()));
    }

    private boolean isSlow(Draft draft) {
      return Objects.requireNonNull(slowdowns.get(draft.send.conversation())) > 0;
    }
  }
}
