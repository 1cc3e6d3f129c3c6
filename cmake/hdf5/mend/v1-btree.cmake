# Nodes of a version-1 B-tree (groups, chunks) that are their own descendants or siblings, that have no children above the
# leaves, or that are cached for a tree with other keys: endless recursion, or reads beyond the keys. The patch checks that a
# child is one level below its parent and a sibling on the same level, and that no walk visits more nodes than fit in the file.
# Test: hostile/structures. Upstream: HDFGroup/hdf5#5575 (CVE-2025-6857), HDFGroup/hdf5#6403.
h5tracks_mend(
  src/H5B.c
[=[
                         H5B_ins_ud_t *split_bt_ud /*out*/);
static H5B_t *H5B__copy(const H5B_t *old_bt);

/*********************/
]=]
[=[
                         H5B_ins_ud_t *split_bt_ud /*out*/);
static H5B_t *H5B__copy(const H5B_t *old_bt);
static herr_t H5B__check_child(H5F_t *f, H5B_cache_ud_t *udata, const H5B_t *bt, unsigned idx);
static hsize_t H5B__most_nodes(const H5F_t *f, const H5B_shared_t *shared);

/*********************/
]=]
  src/H5B.c
[=[
H5FL_SEQ_DEFINE_STATIC(size_t);

/*-------------------------------------------------------------------------
 * Function:	H5B_create
]=]
[=[
H5FL_SEQ_DEFINE_STATIC(size_t);

/* As H5AC_protect, but a node in the cache may be known there from a tree with other keys: it is none of this one. */
static H5B_t *
H5B__protect(H5F_t *f, const H5AC_class_t *entry_type, haddr_t addr, H5B_cache_ud_t *udata, unsigned flags)
{
    H5B_t              *bt = NULL;
    const H5B_shared_t *own, *shared = (const H5B_shared_t *)H5UC_GET_OBJ(udata->rc_shared);
    H5B_t              *ret_value = NULL;

    FUNC_ENTER_PACKAGE

    if (NULL == (bt = (H5B_t *)H5AC_protect(f, entry_type, addr, udata, flags)))
        HGOTO_ERROR(H5E_BTREE, H5E_CANTPROTECT, NULL, "unable to load B-tree node");
    own = (const H5B_shared_t *)H5UC_GET_OBJ(bt->rc_shared);
    if (own->type != shared->type || own->two_k != shared->two_k || own->sizeof_rkey != shared->sizeof_rkey ||
        own->sizeof_keys != shared->sizeof_keys)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, NULL, "B-tree node belongs to another kind of tree");
    ret_value = bt;

done:
    if (!ret_value && bt && H5AC_unprotect(f, entry_type, addr, bt, H5AC__NO_FLAGS_SET) < 0)
        HDONE_ERROR(H5E_BTREE, H5E_CANTUNPROTECT, NULL, "unable to release node");

    FUNC_LEAVE_NOAPI(ret_value)
}

#define H5AC_protect H5B__protect

/*-------------------------------------------------------------------------
 * Function:	H5B_create
]=]
  src/H5B.c
[=[
} /* end H5B_create() */

/*-------------------------------------------------------------------------
 * Function:	H5B_find
]=]
[=[
} /* end H5B_create() */

/* Whether a child is a node one level below its parent, so that no path down a tree is endless. */
static herr_t
H5B__check_child(H5F_t *f, H5B_cache_ud_t *udata, const H5B_t *bt, unsigned idx)
{
    H5B_t   *child;
    unsigned level;
    herr_t   ret_value = SUCCEED;

    FUNC_ENTER_PACKAGE

    if (idx >= bt->nchildren)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "B-tree node above the leaves has no children");
    if (NULL == (child = (H5B_t *)H5AC_protect(f, H5AC_BT, bt->child[idx], udata, H5AC__READ_ONLY_FLAG)))
        HGOTO_ERROR(H5E_BTREE, H5E_CANTPROTECT, FAIL, "unable to load B-tree node");
    level = child->level;
    if (H5AC_unprotect(f, H5AC_BT, bt->child[idx], child, H5AC__NO_FLAGS_SET) < 0)
        HGOTO_ERROR(H5E_BTREE, H5E_CANTUNPROTECT, FAIL, "unable to release node");
    if (level + 1 != bt->level)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "B-tree node is not one level below its parent");

done:
    FUNC_LEAVE_NOAPI(ret_value)
}

/* More nodes than this do not fit into the file: who meets more meets some of them again. */
static hsize_t
H5B__most_nodes(const H5F_t *f, const H5B_shared_t *shared)
{
    return (hsize_t)H5F_get_eoa(f, H5FD_MEM_BTREE) / shared->sizeof_rnode + 1;
}

/*-------------------------------------------------------------------------
 * Function:	H5B_find
]=]
  src/H5B.c
[=[

        if (bt->level > 0) {
            if ((ret_value = H5B_find(f, type, bt->child[idx], found, udata)) < 0)
                HGOTO_ERROR(H5E_BTREE, H5E_NOTFOUND, FAIL, "can't lookup key in subtree");
        } /* end if */
]=]
[=[

        if (bt->level > 0) {
            if (H5B__check_child(f, &cache_udata, bt, idx) < 0 ||
                (ret_value = H5B_find(f, type, bt->child[idx], found, udata)) < 0)
                HGOTO_ERROR(H5E_BTREE, H5E_NOTFOUND, FAIL, "can't lookup key in subtree");
        } /* end if */
]=]
  src/H5B.c
[=[
         * must necessarily be at level zero.
         */
        assert(0 == bt->level);
        if ((type->new_node)(f, H5B_INS_FIRST, H5B_NKEY(bt, shared, 0), udata, H5B_NKEY(bt, shared, 1),
                             bt->child + 0 /*out*/) < 0)
]=]
[=[
         * must necessarily be at level zero.
         */
        if (bt->level > 0)
            HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, H5B_INS_ERROR, "B-tree node above the leaves has no children");
        if ((type->new_node)(f, H5B_INS_FIRST, H5B_NKEY(bt, shared, 0), udata, H5B_NKEY(bt, shared, 1),
                             bt->child + 0 /*out*/) < 0)
]=]
  src/H5B.c
[=[
             */
            child_bt_ud.addr = bt->child[idx];
            if (NULL == (child_bt_ud.bt = (H5B_t *)H5AC_protect(f, H5AC_BT, child_bt_ud.addr, &cache_udata,
                                                                H5AC__NO_FLAGS_SET)))
]=]
[=[
             */
            child_bt_ud.addr = bt->child[idx];
            if (H5B__check_child(f, &cache_udata, bt, idx) < 0)
                HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, H5B_INS_ERROR, "damaged B-tree");
            if (NULL == (child_bt_ud.bt = (H5B_t *)H5AC_protect(f, H5AC_BT, child_bt_ud.addr, &cache_udata,
                                                                H5AC__NO_FLAGS_SET)))
]=]
  src/H5B.c
[=[
            idx              = bt->nchildren - 1;
            child_bt_ud.addr = bt->child[idx];
            if (NULL == (child_bt_ud.bt = (H5B_t *)H5AC_protect(f, H5AC_BT, child_bt_ud.addr, &cache_udata,
                                                                H5AC__NO_FLAGS_SET)))
]=]
[=[
            idx              = bt->nchildren - 1;
            child_bt_ud.addr = bt->child[idx];
            if (H5B__check_child(f, &cache_udata, bt, idx) < 0)
                HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, H5B_INS_ERROR, "damaged B-tree");
            if (NULL == (child_bt_ud.bt = (H5B_t *)H5AC_protect(f, H5AC_BT, child_bt_ud.addr, &cache_udata,
                                                                H5AC__NO_FLAGS_SET)))
]=]
  src/H5B.c
[=[
        assert(idx < bt->nchildren);
        child_bt_ud.addr = bt->child[idx];
        if (NULL == (child_bt_ud.bt = (H5B_t *)H5AC_protect(f, H5AC_BT, child_bt_ud.addr, &cache_udata,
                                                            H5AC__NO_FLAGS_SET)))
]=]
[=[
        assert(idx < bt->nchildren);
        child_bt_ud.addr = bt->child[idx];
        if (H5B__check_child(f, &cache_udata, bt, idx) < 0)
            HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, H5B_INS_ERROR, "damaged B-tree");
        if (NULL == (child_bt_ud.bt = (H5B_t *)H5AC_protect(f, H5AC_BT, child_bt_ud.addr, &cache_udata,
                                                            H5AC__NO_FLAGS_SET)))
]=]
  src/H5B.c
[=[
 */
static herr_t
H5B__iterate_helper(H5F_t *f, const H5B_class_t *type, haddr_t addr, H5B_operator_t op, void *udata)
{
    H5B_t         *bt = NULL;                /* Pointer to current B-tree node */
]=]
[=[
 */
static herr_t
H5B__iterate_helper(H5F_t *f, const H5B_class_t *type, haddr_t addr, hsize_t *met, H5B_operator_t op,
                    void *udata)
{
    H5B_t         *bt = NULL;                /* Pointer to current B-tree node */
]=]
  src/H5B.c
[=[
        HGOTO_ERROR(H5E_BTREE, H5E_CANTPROTECT, H5_ITER_ERROR, "unable to load B-tree node");

    /* Iterate over node's children */
    for (u = 0; u < bt->nchildren && ret_value == H5_ITER_CONT; u++) {
        if (bt->level > 0)
            ret_value = H5B__iterate_helper(f, type, bt->child[u], op, udata);
        else
            ret_value = (*op)(f, H5B_NKEY(bt, shared, u), bt->child[u], H5B_NKEY(bt, shared, u + 1), udata);
]=]
[=[
        HGOTO_ERROR(H5E_BTREE, H5E_CANTPROTECT, H5_ITER_ERROR, "unable to load B-tree node");

    if (++*met > H5B__most_nodes(f, shared))
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, H5_ITER_ERROR, "B-tree has more nodes than fit into its file");

    /* Iterate over node's children */
    for (u = 0; u < bt->nchildren && ret_value == H5_ITER_CONT; u++) {
        if (bt->level > 0)
            ret_value = H5B__check_child(f, &cache_udata, bt, u) < 0
                            ? H5_ITER_ERROR
                            : H5B__iterate_helper(f, type, bt->child[u], met, op, udata);
        else
            ret_value = (*op)(f, H5B_NKEY(bt, shared, u), bt->child[u], H5B_NKEY(bt, shared, u + 1), udata);
]=]
  src/H5B.c
[=[
H5B_iterate(H5F_t *f, const H5B_class_t *type, haddr_t addr, H5B_operator_t op, void *udata)
{
    herr_t ret_value = FAIL; /* Return value */

    FUNC_ENTER_NOAPI_NOERR
]=]
[=[
H5B_iterate(H5F_t *f, const H5B_class_t *type, haddr_t addr, H5B_operator_t op, void *udata)
{
    hsize_t met       = 0;
    herr_t  ret_value = FAIL; /* Return value */

    FUNC_ENTER_NOAPI_NOERR
]=]
  src/H5B.c
[=[

    /* Iterate over the B-tree records */
    if ((ret_value = H5B__iterate_helper(f, type, addr, op, udata)) < 0)
        HERROR(H5E_BTREE, H5E_BADITER, "B-tree iteration failed");

]=]
[=[

    /* Iterate over the B-tree records */
    if ((ret_value = H5B__iterate_helper(f, type, addr, &met, op, udata)) < 0)
        HERROR(H5E_BTREE, H5E_BADITER, "B-tree iteration failed");

]=]
  src/H5B.c
[=[
    if (bt->level > 0) {
        /* We're at an internal node -- call recursively */
        if ((int)(ret_value =
                      H5B__remove_helper(f, bt->child[idx], type, level + 1,
]=]
[=[
    if (bt->level > 0) {
        /* We're at an internal node -- call recursively */
        if (H5B__check_child(f, &cache_udata, bt, idx) < 0)
            HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, H5B_INS_ERROR, "damaged B-tree");
        if ((int)(ret_value =
                      H5B__remove_helper(f, bt->child[idx], type, level + 1,
]=]
  src/H5B.c
[=[
        /* Iterate over all children in node, deleting them */
        for (u = 0; u < bt->nchildren; u++)
            if (H5B_delete(f, type, bt->child[u], udata) < 0)
                HGOTO_ERROR(H5E_BTREE, H5E_CANTDELETE, FAIL, "unable to delete B-tree node");

]=]
[=[
        /* Iterate over all children in node, deleting them */
        for (u = 0; u < bt->nchildren; u++)
            if (H5B__check_child(f, &cache_udata, bt, u) < 0 || H5B_delete(f, type, bt->child[u], udata) < 0)
                HGOTO_ERROR(H5E_BTREE, H5E_CANTDELETE, FAIL, "unable to delete B-tree node");

]=]
  src/H5B.c
[=[

    /* Cache information from this node */
    left_child = bt->child[0];
    next_addr  = bt->right;
    level      = bt->level;
]=]
[=[

    /* Cache information from this node */
    if (bt->level > 0 && H5B__check_child(f, &cache_udata, bt, 0) < 0)
        HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "damaged B-tree");
    left_child = bt->nchildren > 0 ? bt->child[0] : HADDR_UNDEF;
    next_addr  = bt->right;
    level      = bt->level;
]=]
  src/H5B.c
[=[

        /* Cache information from this node */
        next_addr = bt->right;

]=]
[=[

        /* Cache information from this node */
        if (bt->level != level || info_udata->bt_info->num_nodes > H5B__most_nodes(f, shared))
            HGOTO_ERROR(H5E_BTREE, H5E_BADVALUE, FAIL, "B-tree node has a sibling that is none");
        next_addr = bt->right;

]=]
  src/H5B.c
[=[
{
    H5B_info_ud_t info_udata;          /* User-data for B-tree size iteration */
    herr_t        ret_value = SUCCEED; /* Return value */

]=]
[=[
{
    H5B_info_ud_t info_udata;          /* User-data for B-tree size iteration */
    hsize_t       met = 0;
    herr_t        ret_value = SUCCEED; /* Return value */

]=]
  src/H5B.c
[=[
    /* (Only if operator defined) */
    if (op)
        if ((ret_value = H5B__iterate_helper(f, type, addr, op, udata)) < 0)
            HERROR(H5E_BTREE, H5E_BADITER, "B-tree iteration failed");

]=]
[=[
    /* (Only if operator defined) */
    if (op)
        if ((ret_value = H5B__iterate_helper(f, type, addr, &met, op, udata)) < 0)
            HERROR(H5E_BTREE, H5E_BADITER, "B-tree iteration failed");

]=])
