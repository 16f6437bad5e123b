package dev.rookery.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends commands to their handlers over the event bus. What an event loop sends to one address in
 * one turn is one message.
 */
final class CommandSender {
  /** One message: commands for one address, in the order in which they were sent. */
  record Burst(List<PendingCommand> commands) {}

  private final Vertx vertx;
  private final DeliveryOptions delivery;
  private final PendingCommands pending;
  private final Map<String, MessageProducer<Object>> producers = new ConcurrentHashMap<>();
  private final TurnBatcher<PendingCommand> turns = new TurnBatcher<>(this::send);

  CommandSender(Vertx vertx, DeliveryOptions delivery, PendingCommands pending) {
    this.vertx = vertx;
    this.delivery = delivery;
    this.pending = pending;
  }

  /**
   * Sends a command, at the end of the turn on an event loop.
   *
   * @param sender the context of the caller
   */
  void send(ContextInternal sender, PendingCommand command) {
    turns.add(sender.nettyEventLoop(), command);
  }

  private void send(List<PendingCommand> commands) {
    if (commands.size() == 1) {
      send(commands.getFirst().command().address(), commands);
      return;
    }
    var bursts = new LinkedHashMap<String, List<PendingCommand>>();
    for (PendingCommand command : commands) {
      bursts.computeIfAbsent(command.command().address(), _ -> new ArrayList<>()).add(command);
    }
    bursts.forEach(this::send);
  }

  private void send(String address, List<PendingCommand> commands) {
    producers
        .computeIfAbsent(address, to -> vertx.eventBus().sender(to, delivery))
        .write(new Burst(commands))
        .onFailure(failure -> pending.refuseUnserved(commands, failure));
  }
}
