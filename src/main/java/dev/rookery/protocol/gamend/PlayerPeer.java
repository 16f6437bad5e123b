package dev.rookery.protocol.gamend;

import dev.rookery.base.JsonText;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Text;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.ExtensionTopic;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Subscriber;
import dev.rookery.fanout.Subscription;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.DataLane;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.protocol.phoenix.Push;
import dev.rookery.webrtc.DataMessage;
import dev.rookery.webrtc.Peer;
import dev.rookery.webrtc.PeerEvent;
import dev.rookery.webrtc.PeerListener;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The WebRTC peer of a player (Gamend realtime contract, section 3): signals over the player's
 * channel, calls functions of extensions for messages on {@code events}, and carries messages of
 * topics that the client has joined on the same socket. Confined to the socket's event loop.
 */
final class PlayerPeer implements PeerListener, DataLane, Subscriber {
  /** The reliable and ordered data channel. */
  static final String EVENTS = "events";

  /** The data channel that may lose messages. */
  static final String STATE = "state";

  private static final int CALLS_MAX = 64;

  /** A longer message is many packets, and lost with any one of them. */
  private static final int STATE_BYTES_MAX = 64 << 10;

  private final PlayerId player;
  private final String id;
  private final long openedMs;
  private final ChannelConnection client;
  private final ExtensionHost extensions;
  private final FanOut fanOut;
  private final Subscription others;
  private @Nullable Peer peer;
  private int calls;
  private boolean ended;

  /**
   * @param id identifies the peer in the cluster
   * @param openedMs when the client offered it; of two peers of a player the later one stays
   */
  PlayerPeer(
      PlayerId player,
      String id,
      long openedMs,
      ChannelConnection client,
      ExtensionHost extensions,
      FanOut fanOut) {
    this.player = player;
    this.id = id;
    this.openedMs = openedMs;
    this.client = client;
    this.extensions = extensions;
    this.fanOut = fanOut;
    this.others = fanOut.subscribe(PeerEvent.feed(player), this);
    others.startNow();
    fanOut.announce(new PeerEvent.Opened(player, id, openedMs));
  }

  /** Begins with the offer of the client. */
  void offer(Peer opened, String sdp) {
    peer = opened;
    client.setDataLane(this);
    opened.offer(sdp);
  }

  void addCandidate(String candidate, String sdpMid, int sdpMLineIndex) {
    Peer open = peer;
    if (open != null) {
      open.addCandidate(candidate, sdpMid, sdpMLineIndex);
    }
  }

  /** Whether the peer is open, or may still become so. */
  boolean isOpen() {
    return !ended;
  }

  /** Sends a text; false if no data channel has this label. */
  boolean send(String label, String text) {
    Peer open = peer;
    return !ended && open != null && open.send(label, DataMessage.text(text));
  }

  /** Closes the peer; the client is not told. Idempotent. */
  void close() {
    if (!ended) {
      ended = true;
      others.cancel();
      client.removeDataLane(this);
      if (peer != null) {
        peer.close();
      }
    }
  }

  @Override
  public void onState(State state) {
    if (ended) {
      return;
    }
    switch (state) {
      case NEW, CONNECTING, CONNECTED -> {}
      case FAILED, RATE_LIMITED, CLOSED -> close();
    }
    push("state", JsonObject.of("state", state.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public void onAnswer(String sdp) {
    push("answer", JsonObject.of("sdp", sdp, "type", "answer"));
  }

  @Override
  public void onCandidate(String candidate, String sdpMid, int sdpMLineIndex) {
    push(
        "ice",
        new JsonObject()
            .put("candidate", candidate)
            .put("sdpMid", sdpMid)
            .put("sdpMLineIndex", sdpMLineIndex)
            .putNull("usernameFragment"));
  }

  @Override
  public void onChannelOpen(String label) {
    push("channel_open", JsonObject.of("channel", label));
  }

  @Override
  public void onChannelClosed(String label) {
    push("channel_closed", new JsonObject());
  }

  private void push(String event, JsonObject payload) {
    client.push(new Push(client.topic(), "webrtc:" + event, payload));
  }

  /** Another client of the player has opened a peer: of the two the later one stays. */
  @Override
  public void onEvent(Delivery delivery) {
    if (ended
        || !(delivery.posted().event() instanceof PeerEvent.Opened(_, var other, var atMs))
        || other.equals(id)) {
      return;
    }
    if (atMs > openedMs || (atMs == openedMs && other.compareTo(id) > 0)) {
      onState(State.CLOSED);
    } else {
      // Its node's clock is behind, and it has not heard of this one.
      fanOut.announce(new PeerEvent.Opened(player, id, openedMs));
    }
  }

  @Override
  public void onLost() {
    // A feed loses nothing that could be read again.
  }

  @Override
  public String wire() {
    return "webrtc";
  }

  @Override
  public void onMessage(String label, DataMessage message) {
    if (!label.equals(EVENTS) && !label.equals(STATE)) {
      passOn(label, message);
      return;
    }
    JsonObject json = parse(message);
    if (json == null) {
      return;
    }
    if (label.equals(EVENTS) && "call_hook".equals(json.getValue("type"))) {
      callHook(json);
    } else if (json.getValue("topic") instanceof String topic
        && json.getValue("event") instanceof String event
        && ExtensionTopic.of(topic) != null) {
      Object payload = json.getValue("payload");
      client.receiveOnTopic(
          topic,
          event,
          Payload.of(payload instanceof JsonObject object ? object : new JsonObject()));
    }
  }

  /** The client hears of what it sends on a channel that means nothing to the server. */
  private void passOn(String label, DataMessage message) {
    if (!message.binary() && Text.isUtf8(message.bytes())) {
      String data = new String(message.bytes(), StandardCharsets.UTF_8);
      push("data", JsonObject.of("channel", label, "data", data));
    }
  }

  private static @Nullable JsonObject parse(DataMessage message) {
    if (!JsonText.isAcceptable(message.bytes())) {
      return null;
    }
    try {
      return new JsonObject(Buffer.buffer(message.bytes()));
    } catch (DecodeException malformed) {
      return null;
    }
  }

  private void callHook(JsonObject json) {
    if (!(json.getValue("plugin") instanceof String plugin)
        || !(json.getValue("fn") instanceof String function)) {
      return;
    }
    boolean sent = json.containsKey("args");
    var call = new HookCall(plugin, function, HookCall.arguments(sent, json.getMap().get("args")));
    if (call.isReserved()) {
      reply(call, "hook_error", "error", HookCall.RESERVED);
      return;
    }
    if (calls >= CALLS_MAX) {
      reply(call, "hook_error", "error", "busy");
      return;
    }
    calls++;
    call.run(extensions, player)
        .onComplete(
            done -> {
              calls--;
              if (done.failed()) {
                reply(call, "hook_error", "error", "unexpected_error");
              } else if (done.result() instanceof CallOutcome.Returned(var value)) {
                reply(call, "hook_reply", "data", value);
              } else {
                reply(call, "hook_error", "error", HookCall.errorCode(done.result()));
              }
            });
  }

  private void reply(HookCall call, String type, String field, @Nullable Object value) {
    var reply =
        new JsonObject()
            .put("type", type)
            .put("plugin", call.extension())
            .put("fn", call.function())
            .put(field, value);
    send(EVENTS, reply.encode());
  }

  @Override
  public boolean push(Push push) {
    Peer open = peer;
    byte[] message = push.message();
    return open != null
        && message.length <= STATE_BYTES_MAX
        && open.send(STATE, new DataMessage(message, false));
  }
}
