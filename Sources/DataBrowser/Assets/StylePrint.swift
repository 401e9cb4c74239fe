extension StyleText {
  /// On paper: what is there is seen whole, and what one can only click is left out.
  static let print = #"""
    @media print {
      .band nav, .jump, .menu, .side, .elevated, .skip, .foot, .pager, .actions, .search, .tools, .copy, .more, dialog, details:not([open]),
      .bar form, .bar [role="group"], .bar .inline { display: none !important; }
      .shell.sided { display: block; }
      .band { position: static; color: #000; background: none; padding-inline: 0; }
      .band a { color: #000; }
      .content { padding: 0; }
      .region, .code pre, .fields td .long { overflow: visible; max-height: none; }
      thead th, .data tbody th, .data thead th:first-child { position: static; }
      .data thead th, .data td, .data tbody th, .data tbody th a, .cell { max-width: none; min-width: 0; width: auto; }
      .data { font-size: 7.5pt; }
      .data th, .data td { padding: .125rem .375rem; }
      .data td.nowrap, .data time { white-space: normal; }
      .card, tr { break-inside: avoid-page; box-shadow: none; }
      .card:has(table) { break-inside: auto; }
    }

    """#
}
