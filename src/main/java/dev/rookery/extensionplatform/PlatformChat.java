package dev.rookery.extensionplatform;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.extension.Chat;
import dev.rookery.extension.ChatMessage;
import dev.rookery.extension.ChatTarget;
import dev.rookery.extension.ResultPage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Chat} by commands. */
final class PlatformChat implements Chat {
  private final PlatformBus bus;

  PlatformChat(PlatformBus bus) {
    this.bus = bus;
  }

  private static Conversation conversation(PlayerId player, ChatTarget target) {
    return target.type() == ChatTarget.Type.FRIEND
        ? Conversation.direct(player, new PlayerId(target.id()))
        : new Conversation(kind(target.type()), target.id());
  }

  @Override
  public ChatMessage send(
      long userId,
      ChatTarget target,
      String content,
      Map<String, Object> metadata,
      @Nullable String idempotencyKey) {
    var sender = new PlayerId(userId);
    return Views.message(
        bus.ask(
            new ChatCommand.Send(
                sender, conversation(sender, target), content, metadata, bus.key(idempotencyKey))));
  }

  @Override
  public ChatMessage edit(
      long userId,
      long messageId,
      @Nullable String content,
      @Nullable Map<String, Object> metadata) {
    return Views.message(
        bus.ask(
            new ChatCommand.Edit(
                new PlayerId(userId), new MessageId(messageId), content, metadata)));
  }

  @Override
  public void deleteOwn(long userId, long messageId) {
    bus.ask(new ChatCommand.Delete(new PlayerId(userId), new MessageId(messageId)));
  }

  @Override
  public void delete(long messageId) {
    bus.ask(new ChatCommand.DeleteAny(new MessageId(messageId)));
  }

  @Override
  public long clear(long userId, ChatTarget target) {
    return bus.ask(new ChatCommand.Clear(conversation(new PlayerId(userId), target)));
  }

  @Override
  public ResultPage<ChatMessage> search(
      @Nullable Long senderId, @Nullable String contentPart, int page, int pageSize) {
    var filter =
        new ChatCommand.Filter(
            senderId == null ? null : new PlayerId(senderId), null, null, contentPart, false);
    return PlatformBus.result(
        bus.ask(new ChatCommand.ListAll(filter, PlatformBus.page(page, pageSize))),
        found -> Views.message(found.message()));
  }

  @Override
  public long countMessages(ChatTarget.@Nullable Type type) {
    return bus.ask(new ChatCommand.CountMessages(type == null ? null : kind(type)));
  }

  private static Conversation.Kind kind(ChatTarget.Type type) {
    return switch (type) {
      case LOBBY -> Conversation.Kind.LOBBY;
      case GROUP -> Conversation.Kind.GROUP;
      case PARTY -> Conversation.Kind.PARTY;
      case FRIEND -> Conversation.Kind.DIRECT;
    };
  }

  @Override
  public long countSenders() {
    return bus.ask(new ChatCommand.CountSenders());
  }

  @Override
  public List<Long> countUnread(long userId, List<ChatTarget> targets) {
    var player = new PlayerId(userId);
    return bus.ask(
        new ChatCommand.CountUnreadInAll(
            player, targets.stream().map(target -> conversation(player, target)).toList()));
  }

  @Override
  public @Nullable ChatMessage find(long userId, long messageId) {
    var found = bus.find(new ChatCommand.Get(new PlayerId(userId), new MessageId(messageId)));
    return found == null ? null : Views.message(found);
  }

  @Override
  public ResultPage<ChatMessage> list(long userId, ChatTarget target, int page, int pageSize) {
    var player = new PlayerId(userId);
    return PlatformBus.result(
        bus.ask(
            new ChatCommand.ListMessages(
                player, conversation(player, target), PlatformBus.page(page, pageSize))),
        Views::message);
  }

  @Override
  public void markRead(long userId, ChatTarget target, long messageId) {
    var player = new PlayerId(userId);
    bus.ask(
        new ChatCommand.MarkRead(player, conversation(player, target), new MessageId(messageId)));
  }

  @Override
  public long countUnread(long userId, ChatTarget target) {
    var player = new PlayerId(userId);
    return bus.ask(new ChatCommand.CountUnread(player, conversation(player, target)));
  }
}
