package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.fanout.FanOut;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The signalling of WebRTC on a player's channel (Gamend realtime contract, section 3.1): at most
 * one peer, replaced by the next offer. Confined to the socket's event loop.
 */
final class PeerSignalling {
  private final PlayerId player;
  private final String joinId;
  private final ChannelConnection client;
  private final PlayerPeers peers;
  private final ExtensionHost extensions;
  private final FanOut fanOut;
  private @Nullable PlayerPeer peer;
  private int offers;

  /**
   * @param joinId identifies the join of the channel in the cluster
   */
  PeerSignalling(
      PlayerId player,
      String joinId,
      ChannelConnection client,
      PlayerPeers peers,
      ExtensionHost extensions,
      FanOut fanOut) {
    this.player = player;
    this.joinId = joinId;
    this.client = client;
    this.peers = peers;
    this.extensions = extensions;
    this.fanOut = fanOut;
  }

  /** Whether the payload of an event has the fields that it needs. */
  static boolean isValid(String event, @Nullable JsonObject payload) {
    return payload != null
        && switch (event) {
          case "webrtc:offer" -> payload.getValue("sdp") instanceof String;
          case "webrtc:ice" -> payload.getValue("candidate") instanceof String;
          case "webrtc:send" ->
              payload.getValue("channel") instanceof String && payload.containsKey("data");
          default -> false;
        };
  }

  /** Handles an event with a valid payload. */
  ChannelReply handle(String event, JsonObject payload) {
    return switch (event) {
      case "webrtc:offer" -> offer(payload);
      case "webrtc:ice" -> addCandidate(payload);
      default -> send(payload);
    };
  }

  /** Whether the offer can be used shows after the reply. */
  private ChannelReply offer(JsonObject payload) {
    close();
    return switch (peers.admission()) {
      case DISABLED -> ErrorReply.of("webrtc_disabled");
      case FULL -> ErrorReply.of("webrtc_busy");
      case OPEN -> {
        long now = peers.clock().millis();
        String id = joinId + "/" + ++offers;
        var opened = new PlayerPeer(player, id, now, client, extensions, fanOut);
        peer = opened;
        String sdp = payload.getValue("type") instanceof String ? payload.getString("sdp") : "";
        opened.offer(peers.open(player, opened), sdp);
        yield ChannelReply.ok(new JsonObject());
      }
    };
  }

  private ChannelReply addCandidate(JsonObject payload) {
    PlayerPeer open = peer;
    if (open == null || !open.isOpen()) {
      return ErrorReply.of("no_webrtc_session");
    }
    // Clients in GDScript send the index as a number with a fraction.
    if (payload.getValue("sdpMid") instanceof String sdpMid
        && payload.getValue("sdpMLineIndex") instanceof Number index) {
      open.addCandidate(payload.getString("candidate"), sdpMid, index.intValue());
    }
    return ChannelReply.ok(new JsonObject());
  }

  /** Sends data to the client over one of its data channels. */
  private ChannelReply send(JsonObject payload) {
    PlayerPeer open = peer;
    if (open == null || !open.isOpen()) {
      return ErrorReply.of("no_webrtc_session");
    }
    Object data = payload.getValue("data");
    String text = data instanceof String plain ? plain : Json.encode(data);
    return open.send(payload.getString("channel"), text)
        ? ChannelReply.ok(new JsonObject())
        : ErrorReply.of("channel_not_found");
  }

  /** Closes the peer, if there is one; the client is not told. */
  void close() {
    if (peer != null) {
      peer.close();
      peer = null;
    }
  }
}
