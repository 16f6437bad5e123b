package tickgame;

import dev.rookery.extension.Caller;
import dev.rookery.extension.ChannelHandler;
import dev.rookery.extension.ChannelJoin;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extension.ChannelMessage;
import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.Kv;
import dev.rookery.extension.KvEntry;
import dev.rookery.extension.KvScope;
import dev.rookery.extension.PlatformException;
import dev.rookery.extension.RoomLease;
import dev.rookery.extension.RpcException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/**
 * A game that runs on the server, twenty ticks a second. Players join the channel {@code
 * x:tick-game:arena:<name>}, send {@code steer} with {@code dx} and {@code dy}, and get the state
 * of the arena as {@code state} at each tick.
 *
 * <p>An arena is a room: one node owns it and has its state in memory. Once a second the state is
 * stored. When the node dies, another one becomes the owner, reads what was stored, and goes on, so
 * players lose at most the last second. Clients stay in the channel, on whatever node they are.
 */
public final class TickGame implements Extension {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int TICKS_PER_STORE = 20;
  private static final int EMPTY_TICKS_MAX = 20 * 10;

  private ExtensionContext context;

  @Override
  public void start(ExtensionContext started) {
    context = started;
    context.rooms().serve(this::run);
    context.channels().serve("arena:", new Players());
  }

  /** Passes what players do on to the owner of their arena, on whatever node it is. */
  private final class Players implements ChannelHandler {
    @Override
    public Object join(ChannelJoin join) {
      String arena = join.member().topic();
      context.rooms().open(arena);
      send(join.member(), "enter", new JsonObject());
      return Map.of("player", player(join.member()));
    }

    @Override
    public Object message(ChannelMessage message) {
      if (!message.event().equals("steer")) {
        throw new RpcException("unknown_event");
      }
      // An arena closes when it has been empty for a while; this opens it again.
      context.rooms().open(message.member().topic());
      send(message.member(), "steer", message.payload());
      return null;
    }

    @Override
    public void leave(ChannelMember member) {
      send(member, "leave", new JsonObject());
    }

    private void send(ChannelMember member, String action, JsonObject input) {
      context
          .rooms()
          .send(
              member.topic(),
              JsonObject.of(
                  "action",
                  action,
                  "player",
                  player(member),
                  "dx",
                  number(input, "dx"),
                  "dy",
                  number(input, "dy")));
    }

    private int number(JsonObject input, String key) {
      return input.getValue(key) instanceof Number value ? value.intValue() : 0;
    }

    private long player(ChannelMember member) {
      Caller caller = member.caller();
      if (caller == null) {
        throw new RpcException("unauthorized");
      }
      return caller.id();
    }
  }

  /** Runs an arena while this node owns it. */
  private void run(RoomLease lease) throws InterruptedException {
    String key = "tick-game/" + lease.room();
    Arena arena = new Arena(load(key));
    int emptyTicks = 0;
    while (lease.awaitTick(TICK)) {
      for (JsonObject message : lease.takeMessages()) {
        apply(arena, message);
      }
      arena.step();
      Arena.Snapshot state = arena.snapshot(lease.epoch());
      // What the next tick replaces need not be stored for clients that were away.
      context.channels().broadcastTransient(lease.room(), "state", state);
      emptyTicks = arena.isEmpty() ? emptyTicks + 1 : 0;
      if (emptyTicks > EMPTY_TICKS_MAX) {
        context.platform().kv().delete(key, KvScope.GLOBAL);
        return;
      }
      if (arena.tick() % TICKS_PER_STORE == 0 && !store(key, state)) {
        return;
      }
    }
  }

  private static void apply(Arena arena, JsonObject message) {
    long player = message.getLong("player");
    switch (message.getString("action")) {
      case "enter" -> arena.enter(player);
      case "steer" -> arena.steer(player, message.getInteger("dx"), message.getInteger("dy"));
      default -> arena.leave(player);
    }
  }

  private Arena.Snapshot load(String key) {
    KvEntry stored = context.platform().kv().find(key, KvScope.GLOBAL);
    return stored == null
        ? new Arena.Snapshot(0, 0, Map.of())
        : context.json().convertValue(stored.value(), Arena.Snapshot.class);
  }

  /** Stores the state, unless a later owner has: then this one has lost the arena. */
  private boolean store(String key, Arena.Snapshot state) {
    Kv kv = context.platform().kv();
    @SuppressWarnings("unchecked")
    Map<String, Object> value = context.json().convertValue(state, Map.class);
    try {
      KvEntry stored = kv.find(key, KvScope.GLOBAL);
      if (stored == null) {
        kv.create(key, value, Map.of(), KvScope.GLOBAL);
        return true;
      }
      if (((Number) stored.value().get("epoch")).longValue() > state.epoch()) {
        return false;
      }
      kv.replace(stored, value, Map.of());
      return true;
    } catch (PlatformException conflict) {
      // Stored by another owner between the read and the write, or not now: the next second tells.
      context.logger().warn("{} is not stored: {}", key, conflict.code());
      return true;
    }
  }
}
