package dev.rookery.protocol.docs;

import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/** The text of a part of a document without its markup, on one line. */
final class PlainText extends AbstractVisitor {
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final StringBuilder text = new StringBuilder();

  private PlainText() {}

  static String of(Node node) {
    var visitor = new PlainText();
    node.accept(visitor);
    return SPACES.matcher(visitor.text).replaceAll(" ").strip();
  }

  @Override
  public void visit(Text node) {
    text.append(node.getLiteral());
  }

  @Override
  public void visit(Code node) {
    text.append(node.getLiteral());
  }

  @Override
  public void visit(FencedCodeBlock node) {
    text.append(' ').append(node.getLiteral()).append(' ');
  }

  @Override
  public void visit(IndentedCodeBlock node) {
    text.append(' ').append(node.getLiteral()).append(' ');
  }

  @Override
  public void visit(SoftLineBreak node) {
    text.append(' ');
  }

  @Override
  public void visit(HardLineBreak node) {
    text.append(' ');
  }

  @Override
  public void visit(Paragraph node) {
    apart(node);
  }

  @Override
  public void visit(ListItem node) {
    apart(node);
  }

  /** The cells of a table, among others. */
  @Override
  public void visit(CustomNode node) {
    apart(node);
  }

  private void apart(Node node) {
    visitChildren(node);
    text.append(' ');
  }
}
