package dev.rookery.protocol.docs;

import java.util.Map;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.Node;
import org.commonmark.renderer.html.AttributeProvider;

/**
 * Puts the name of its column on each cell, for the style sheet: on a phone, a wide table is a
 * list.
 */
final class TableColumns implements AttributeProvider {
  @Override
  public void setAttributes(Node node, String tagName, Map<String, String> attributes) {
    if (node instanceof TableCell cell && cell.getParent().getParent() instanceof TableBody body) {
      Node name = headerRow(body.getParent()).getFirstChild();
      for (Node before = cell.getPrevious(); before != null; before = before.getPrevious()) {
        name = name.getNext();
      }
      attributes.put("data-column", PlainText.of(name));
    }
  }

  static int count(TableBlock table) {
    int count = 0;
    for (Node cell = headerRow(table).getFirstChild(); cell != null; cell = cell.getNext()) {
      count++;
    }
    return count;
  }

  private static Node headerRow(Node table) {
    return table.getFirstChild().getFirstChild();
  }
}
