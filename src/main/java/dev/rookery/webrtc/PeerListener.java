package dev.rookery.webrtc;

/** Is told about one peer, on the context that opened it. */
public interface PeerListener {
  /** The state of the connection has changed. After {@code FAILED} the peer is closed. */
  void onState(State state);

  /** The answer to the offer; always before the first candidate. */
  void onAnswer(String sdp);

  /** An ICE candidate of this node. */
  void onCandidate(String candidate, String sdpMid, int sdpMLineIndex);

  /** The client has opened a data channel. */
  void onChannelOpen(String label);

  /** A data channel has closed. */
  void onChannelClosed(String label);

  /** A message of the client. */
  void onMessage(String label, DataMessage message);

  /** What a peer goes through. */
  enum State {
    NEW,
    CONNECTING,
    CONNECTED,
    /** The connection could not be established, was lost, or the offer cannot be used. */
    FAILED,
    /** The client has sent more messages than it may. */
    RATE_LIMITED,
    /** The other side has closed the connection. */
    CLOSED
  }
}
