# A node of a version-2 B-tree that is cached for another tree, another depth or another number of records.
# Test: hostile/heaps. Upstream: not known.
h5tracks_mend(
  src/H5B2internal.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (internal->hdr != hdr || internal->nrec != node_ptr->node_nrec || internal->depth != depth)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, NULL, "v2 B-tree internal node belongs elsewhere");

    /* Create top proxy, if it doesn't exist */
]=]
  src/H5B2leaf.c
[=[

    /* Create top proxy, if it doesn't exist */
]=]
[=[

    if (leaf->hdr != hdr || leaf->nrec != node_ptr->node_nrec)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, NULL, "v2 B-tree leaf node belongs elsewhere");

    /* Create top proxy, if it doesn't exist */
]=])
