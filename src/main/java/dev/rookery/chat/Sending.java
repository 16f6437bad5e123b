package dev.rookery.chat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Messages on their way into conversations, the most frequent writes of all: those that come at the
 * same time share two statements and one wait for the disk.
 *
 * <p>Only what needs no look of its own goes that way. A message that is to be told from a repeated
 * one, that is not fit to be sent, or whose conversation asks for pauses goes alone; so does what
 * did not work out together, to hear why.
 */
final class Sending {
  private final Database database;
  private final Audience audience;
  private final ChatRules rules;
  private final ChatStore messages;
  private final Batcher<Send, Optional<ChatMessage>> together;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   */
  Sending(
      Context context, Database database, Audience audience, ChatRules rules, ChatStore messages) {
    this.database = database;
    this.audience = audience;
    this.rules = rules;
    this.messages = messages;
    this.together = new Batcher<>(context, Placeholders.MANY_MAX, this::sendAll);
  }

  ChatMessage send(Send send) {
    Optional<ChatMessage> sent = isPlain(send) ? together.ask(send) : Optional.empty();
    return sent.orElseGet(() -> sendAlone(send));
  }

  private boolean isPlain(Send send) {
    return send.idempotencyKey() == null
        && send.conversation().kind() == Conversation.Kind.LOBBY
        && rules.errorsSending(send.content(), send.metadata()).isEmpty();
  }

  private List<Optional<ChatMessage>> sendAll(List<Send> all) {
    Map<PlayerId, ChatMessage> sent =
        database.write(
            tx -> {
              var lobbies = all.stream().map(Sending::lobby).collect(Collectors.toSet());
              var open = audience.holdUnpaced(tx, lobbies);
              List<Send> now =
                  firsts(all).stream().filter(one -> open.contains(lobby(one))).toList();
              return now.isEmpty() ? Map.<PlayerId, ChatMessage>of() : sent(tx, now);
            });
    // Of a sender's messages the first was stored, if any.
    var left = new HashMap<>(sent);
    return all.stream().map(one -> Optional.ofNullable(left.remove(one.sender()))).toList();
  }

  private Map<PlayerId, ChatMessage> sent(Transaction tx, List<Send> now) {
    var sent = new HashMap<PlayerId, ChatMessage>();
    for (ChatMessage message : messages.insertAll(tx, now)) {
      tx.append(Audience.stream(message.conversation()), new ChatEvent.Sent(message));
      sent.put(message.sender(), message);
    }
    return sent;
  }

  /** One of each sender, so that what is stored can be told apart. */
  private static List<Send> firsts(List<Send> all) {
    var senders = new HashSet<PlayerId>();
    var firsts = new ArrayList<Send>(all.size());
    for (Send one : all) {
      if (senders.add(one.sender())) {
        firsts.add(one);
      }
    }
    return firsts;
  }

  private static LobbyId lobby(Send send) {
    return new LobbyId(send.conversation().id());
  }

  private ChatMessage sendAlone(Send send) {
    return database.write(
        tx ->
            IdempotentCommand.once(
                tx,
                send.sender(),
                send.idempotencyKey(),
                "chat.send",
                ChatMessage.class,
                () -> sent(tx, send)));
  }

  private ChatMessage sent(Transaction tx, Send send) {
    Speaker speaker = audience.speaker(tx, send.sender(), send.conversation());
    int slowdown = speaker.slowdownSeconds();
    if (slowdown > 0) {
      messages
          .pace(tx, send.conversation(), send.sender(), slowdown)
          .ifPresent(
              last -> {
                throw ChatRules.tooSoon(last, slowdown, tx.now());
              });
    }
    String content = send.content();
    rules.errorsSending(content, send.metadata()).refuse();
    ChatMessage message =
        messages.insert(
            tx,
            send.conversation(),
            send.sender(),
            speaker.name(),
            content == null ? "" : content,
            send.metadata());
    tx.append(Audience.stream(send.conversation()), new ChatEvent.Sent(message));
    return message;
  }
}
