/**
 * WebRTC data channels to clients. {@link dev.rookery.webrtc.Peers} opens the peers of this node;
 * what their clients say, and how they find each other, is up to a protocol.
 *
 * <p>ICE, DTLS and SCTP are those of a native library, which is loaded with the first peer. Without
 * it everything else works. Nothing outside this package refers to the library.
 */
@org.jspecify.annotations.NullMarked
package dev.rookery.webrtc;
