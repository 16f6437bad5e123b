package dev.rookery.chat;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.player.PlayerSummary;
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
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private final Database database;
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
    this.database = database;
    this.access = access;
    this.rules = rules;
    this.store = store;
    this.batcher =
        new Batcher<>(
            context,
            database,
            "chat",
            draft -> draft.send.sender(),
            new Refusal.Unavailable("busy"),
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
    private final List<Draft> drafts;
    private final Map<PlayerId, Outcome<ChatMessage>> outcomes = new HashMap<>();
    private Map<Conversation, Integer> slowdowns = Map.of();

    Batch(Transaction tx, List<Draft> drafts) {
      this.tx = tx;
      this.drafts = drafts;
    }

    List<Outcome<ChatMessage>> carryOut() {
      var answers =
          IdempotentCommand.answers(
              tx, drafts.stream().map(Draft::command).flatMap(Stream::ofNullable).toList());
      attempt(
          drafts,
          draft ->
              answers
                  .find(draft.command, ChatMessage.class)
                  .ifPresent(answer -> finish(draft.send, Outcome.done(answer))));
      List<Draft> fresh = open();
      if (!fresh.isEmpty()) {
        slowdowns =
            access.lockWithSlowdowns(
                tx, fresh.stream().map(one -> one.send.conversation()).collect(Collectors.toSet()));
        attempt(fresh, this::mustBeOpen);
        check();
        insert();
      }
      return drafts.stream()
          .map(draft -> Objects.requireNonNull(outcomes.get(draft.send.sender())))
          .toList();
    }

    private void mustBeOpen(Draft draft) {
      if (!slowdowns.containsKey(draft.send.conversation())) {
        throw ConversationAccess.notMember(draft.send.conversation());
      }
    }

    /** What the insert does not check by itself. */
    private void check() {
      List<Draft> doubtful =
          open().stream().filter(one -> isSlow(one) || !one.errors.isEmpty()).toList();
      requireMembers(doubtful);
      List<Send> slow = open().stream().filter(this::isSlow).map(Draft::send).toList();
      Map<PlayerId, Instant> last = slow.isEmpty() ? Map.of() : store.lastSent(tx, slow);
      attempt(
          doubtful.stream().filter(this::isOpen).toList(),
          draft -> {
            int seconds = Objects.requireNonNull(slowdowns.get(draft.send.conversation()));
            ChatRules.mustHavePaused(last.get(draft.send.sender()), seconds, tx.now());
            draft.errors.refuse();
          });
      List<Send> paced = open().stream().filter(this::isSlow).map(Draft::send).toList();
      if (!paced.isEmpty()) {
        store.pace(tx, paced);
      }
    }

    private void insert() {
      List<Draft> valid = open();
      if (valid.isEmpty()) {
        return;
      }
      for (ChatMessage message : store.insert(tx, valid.stream().map(Draft::send).toList())) {
        tx.append(ConversationAccess.stream(message.conversation()), new ChatEvent.Sent(message));
        outcomes.put(message.sender(), Outcome.done(message));
      }
      remember(valid);
      requireMembers(open());
      // The conversation is locked, so a sender who is in it now was in it before.
      open().forEach(one -> finish(one.send, Outcome.retry()));
    }

    private void remember(List<Draft> drafts) {
      var answers = new HashMap<IdempotentCommand, Object>();
      var byCommand = new HashMap<IdempotentCommand, Draft>();
      for (Draft draft : drafts) {
        if (draft.command != null
            && outcomes.get(draft.send.sender()) instanceof Outcome.Done<ChatMessage>(var sent)) {
          answers.put(draft.command, sent);
          byCommand.put(draft.command, draft);
        }
      }
      var lost = IdempotentCommand.store(tx, answers);
      if (!lost.isEmpty()) {
        throw new Batcher.LostRace(lost.stream().map(byCommand::get).collect(Collectors.toSet()));
      }
    }

    private void requireMembers(List<Draft> drafts) {
      if (drafts.isEmpty()) {
        return;
      }
      Map<PlayerId, PlayerSummary> senders =
          access.players(
              tx, drafts.stream().map(one -> one.send.sender()).collect(Collectors.toSet()));
      attempt(
          drafts,
          draft ->
              ConversationAccess.requireMember(
                  senders.get(draft.send.sender()), draft.send.conversation()));
    }

    private boolean isSlow(Draft draft) {
      return Objects.requireNonNull(slowdowns.get(draft.send.conversation())) > 0;
    }

    private boolean isOpen(Draft draft) {
      return !outcomes.containsKey(draft.send.sender());
    }

    private List<Draft> open() {
      return drafts.stream().filter(this::isOpen).toList();
    }

    private void attempt(List<Draft> drafts, Consumer<Draft> check) {
      for (Draft draft : drafts) {
        try {
          check.accept(draft);
        } catch (Refused refused) {
          finish(draft.send, Outcome.refused(refused));
        }
      }
    }

    private void finish(Send send, Outcome<ChatMessage> outcome) {
      outcomes.put(send.sender(), outcome);
    }
  }
}
