package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.chat.ChatFilters.Filtered;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.ConversationAccess.Locked;
import dev.rookery.notification.MutedSenders;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages, the most frequent writes of all. Those of one kind of conversation that wait at
 * the same time share a transaction: one statement locks the conversations, one inserts the
 * messages of the senders who are in them and not muted. Only a conversation with a slowdown, a
 * message with invalid content, an idempotency key or a sender from outside or who is muted needs
 * another look, which is shared too.
 *
 * <p>A batch has at most one message of each sender, since messages of one sender are sent in their
 * order. Batches of different kinds lock different rows, so that one kind does not wait for
 * another.
 */
final class SendMessage {
  private static final Refused BUSY = new Refused(new Refusal.Unavailable("busy"));

  private final ConversationAccess access;
  private final ChatRules rules;
  private final ChatStore store;
  private final ChatFilters filters;
  private final MutedSenders mutes = new MutedSenders();
  private final CaseStore cases = new CaseStore();
  private final Map<Kind, Batcher<Draft, ChatMessage>> batchers = new EnumMap<>(Kind.class);

  /**
   * @param context of the verticle on virtual threads that serves the commands
   */
  SendMessage(
      Context context,
      Database database,
      ConversationAccess access,
      ChatRules rules,
      ChatStore store,
      ChatFilters filters) {
    this.access = access;
    this.rules = rules;
    this.store = store;
    this.filters = filters;
    for (Kind kind : Kind.values()) {
      batchers.put(kind, batcher(context, database, kind));
    }
  }

  private Batcher<Draft, ChatMessage> batcher(Context context, Database database, Kind kind) {
    Counter sent =
        Counter.builder("rookery.chat.messages")
            .description("Messages that were stored")
            .tag("kind", ChatStore.name(kind))
            .register(database.registry());
    return new Batcher<>(
        context,
        database,
        kind == Kind.LOBBY ? "chat" : "chat." + ChatStore.name(kind),
        draft -> draft.send.sender(),
        BUSY.refusal(),
        (drafts, _) -> {
          var inserted = new AtomicInteger();
          var outcomes =
              database.write(
                  tx -> {
                    var batch = new Batch(tx, kind, drafts);
                    var all = batch.carryOut();
                    inserted.set(batch.inserted);
                    return all;
                  });
          sent.increment(inserted.get());
          return outcomes;
        });
  }

  Future<ChatMessage> send(Send send) {
    var command = IdempotentCommand.of(send.sender(), send.idempotencyKey(), "chat.send");
    FieldErrors errors = rules.errorsSending(send);
    // What is too long is not looked through.
    Filtered filtered = errors.isEmpty() ? filters.filter(send) : new Filtered(send, null, null);
    var draft = new Draft(filtered.send(), filtered, errors, command);
    return Objects.requireNonNull(batchers.get(send.conversation().kind())).submit(draft);
  }

  /**
   * A message to be sent.
   *
   * @param send as the filter left it
   */
  private record Draft(
      Send send, Filtered filtered, FieldErrors errors, @Nullable IdempotentCommand command) {
    boolean isRefused() {
      return filtered.refused() != null || !errors.isEmpty();
    }
  }

  /** One transaction. */
  private final class Batch {
    private final Transaction tx;
    private final BatchOutcomes<Draft, ChatMessage> outcomes;
    private final Kind kind;
    private Locked locked = new Locked(Map.of(), Set.of());
    private int inserted;

    Batch(Transaction tx, Kind kind, List<Draft> drafts) {
      this.tx = tx;
      this.kind = kind;
      this.outcomes = new BatchOutcomes<>(drafts, Draft::command, BUSY);
    }

    List<Outcome<ChatMessage>> carryOut() {
      outcomes.answerRepeated(
          tx, (answers, draft) -> answers.find(draft.command, ChatMessage.class));
      List<Draft> fresh = outcomes.open();
      if (!fresh.isEmpty()) {
        locked = access.lock(tx, kind, sends(fresh));
        outcomes.attempt(fresh, draft -> locked.requireOpen(draft.send.conversation()));
        check();
        insert();
      }
      return outcomes.all(tx);
    }

    /** What the insert does not check by itself. */
    private void check() {
      List<Draft> doubtful =
          outcomes.open().stream().filter(one -> isSlow(one) || one.isRefused()).toList();
      requireMembers(doubtful);
      List<Send> slow = outcomes.open().stream().filter(this::isSlow).map(Draft::send).toList();
      Map<PlayerId, Instant> last = slow.isEmpty() ? Map.of() : store.lastSent(tx, slow);
      outcomes.attempt(
          doubtful.stream().filter(outcomes::isOpen).toList(),
          draft -> {
            int seconds = locked.requireOpen(draft.send.conversation());
            ChatRules.mustHavePaused(last.get(draft.send.sender()), seconds, tx.now());
            draft.errors.refuse();
            draft.filtered.refuse();
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
      for (ChatMessage message : store.insert(tx, kind, sends(valid))) {
        inserted++;
        var sent = new ChatEvent.Sent(message);
        ConversationAccess.streams(message.conversation())
            .forEach(stream -> tx.append(stream, sent));
        Draft draft = Objects.requireNonNull(bySender.get(message.sender()));
        flag(message, draft.filtered.flagged());
        outcomes.done(draft, message);
      }
      outcomes.remember(tx, valid, (_, message) -> message);
      requireMembers(outcomes.open());
      refuseMuted(outcomes.open());
      // The conversation is locked, so a sender who is in it now was in it before.
      outcomes.open().forEach(outcomes::retry);
    }

    private void requireMembers(List<Draft> drafts) {
      if (!drafts.isEmpty()) {
        Consumer<Send> check = access.memberCheck(tx, sends(drafts));
        outcomes.attempt(drafts, draft -> check.accept(draft.send));
      }
    }

    private void flag(ChatMessage message, @Nullable String rule) {
      if (rule != null) {
        cases.flag(tx, cases.open(tx, message), rule);
      }
    }

    private void refuseMuted(List<Draft> drafts) {
      if (!drafts.isEmpty()) {
        Map<PlayerId, Long> muted =
            mutes.among(tx, drafts.stream().map(draft -> draft.send.sender()).toList());
        outcomes.attempt(
            drafts, draft -> MutedSenders.mustNotBeMuted(muted.get(draft.send.sender())));
      }
    }

    private static List<Send> sends(List<Draft> drafts) {
      return drafts.stream().map(Draft::send).toList();
    }

    private boolean isSlow(Draft draft) {
      return locked.requireOpen(draft.send.conversation()) > 0;
    }
  }
}
